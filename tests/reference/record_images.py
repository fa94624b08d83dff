#!/usr/bin/env python3
"""Writes images.json: what PyTorch computes for layers of images, in double, on the formulas of
tests/gradients/layer_run.hpp, with odd sizes, strides, groups and dilation. Needs torch."""
import json
import pathlib

import torch
import torch.nn.functional as F
from formulas import SAMPLES, formula, tensor

cases = []


def image(x):
    """(samples, height, width, channels) to PyTorch's order."""
    return x.permute(0, 3, 1, 2)


def record(layer, shape, f, parameters=(), linear=False):
    """f takes and gives images in PyTorch's order, or rows; parameters: (name, shape in bpnet's memory)."""
    x = tensor(0, SAMPLES, *shape)
    p = {name: tensor(10 + k, *size) for k, (name, size) in enumerate(parameters)}
    y = f(image(x), **p)
    if y.dim() == 4:
        y = y.permute(0, 2, 3, 1)
    y.backward(formula(20, y.numel()).reshape(y.shape))
    values = {"out": y.detach().flatten().tolist(), "din0": x.grad.flatten().tolist()}
    for name, t in p.items():
        values["d" + name] = t.grad.flatten().tolist()
    cases.append({"layer": layer, "input": "x".join(map(str, shape)), "values": values})
    if linear:  # the greatest sum of the sizes of what is added up: the formulas' sums cancel
        sizes = f(image(x).abs(), **{name: t.abs() for name, t in p.items()})
        cases[-1]["sums"] = sizes.max().item()


def kernel(weight):
    """(groups, height, width, in, out) to (groups * out, in, height, width)."""
    return weight.permute(0, 4, 3, 1, 2).flatten(0, 1)


def conv(layer, shape, size, out, groups=1, bias=True, **options):
    parameters = [("weight", (groups, *size, shape[2] // groups, out // groups))]
    if bias:
        parameters.append(("bias", (out,)))
    record(layer, shape, lambda x, weight, bias=None: F.conv2d(x, kernel(weight), bias, groups=groups, **options), parameters, linear=True)


conv("conv2d: {channels: 4, kernel_size: 3}", (5, 6, 3), (3, 3), 4)
conv("conv2d: {channels: 5, kernel_size: [2, 3], stride: [2, 1], padding: [1, 0], dilation: [1, 2]}", (6, 7, 2), (2, 3), 5,
     stride=(2, 1), padding=(1, 0), dilation=(1, 2))
conv("conv2d: {channels: 6, kernel_size: 3, stride: 2, padding: 1, groups: 2}", (7, 5, 4), (3, 3), 6, groups=2, stride=2, padding=1)
conv("conv2d: {channels: 18, kernel_size: 3, padding: same}", (6, 5, 17), (3, 3), 18, padding=1)
conv("conv2d: {channels: 16, kernel_size: 3, bias: false}", (9, 8, 16), (3, 3), 16, bias=False)
conv("conv2d: {depthwise: true, kernel_size: 5, padding: same}", (6, 7, 3), (5, 5), 3, groups=3, padding=2)
conv("conv2d: {depthwise: true, kernel_size: 3, stride: 2, padding: 1}", (7, 6, 5), (3, 3), 5, groups=5, stride=2, padding=1)
conv("conv2d: {channels: 3, kernel_size: 1, stride: 2}", (5, 5, 4), (1, 1), 3, stride=2)
record("conv2d_transpose: {channels: 4, kernel_size: 3, stride: 2, padding: 1, output_padding: 1}", (3, 4, 2),
       lambda x, weight, bias: F.conv_transpose2d(x, kernel(weight), bias, stride=2, padding=1, output_padding=1),
       [("weight", (1, 3, 3, 4, 2)), ("bias", (4,))])
record("conv2d_transpose: {channels: 4, kernel_size: [2, 3], groups: 2, dilation: [2, 1]}", (3, 4, 6),
       lambda x, weight, bias: F.conv_transpose2d(x, kernel(weight), bias, groups=2, dilation=(2, 1)),
       [("weight", (2, 2, 3, 2, 3)), ("bias", (4,))])
record("max_pool2d: 2", (5, 6, 3), lambda x: F.max_pool2d(x, 2))
record("max_pool2d: {kernel_size: 3, stride: 2, padding: 1}", (6, 5, 17), lambda x: F.max_pool2d(x, 3, 2, 1))
record("average_pool2d: {kernel_size: [3, 2], stride: [2, 1], padding: [1, 0]}", (6, 5, 3),
       lambda x: F.avg_pool2d(x, (3, 2), (2, 1), (1, 0), count_include_pad=False))
record("global_average_pool", (4, 3, 5), lambda x: x.mean((2, 3)))
record("global_max_pool", (4, 3, 5), lambda x: x.amax((2, 3)))
record("upsample: {factor: [2, 3]}", (3, 2, 2), lambda x: F.interpolate(x, scale_factor=(2, 3), mode="nearest"))
record("upsample: {factor: 2, method: bilinear}", (3, 4, 2), lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False))
record("zero_pad: [1, 0, 2, 3]", (3, 2, 2), lambda x: F.pad(x, (2, 3, 1, 0)))
norm = [("weight", (6,)), ("bias", (6,))]
record("group_norm: 3", (4, 3, 6), lambda x, weight, bias: F.group_norm(x, 3, weight, bias), norm)
record("instance_norm: {affine: true}", (4, 3, 6), lambda x, weight, bias: F.instance_norm(x, None, None, weight, bias), norm)
record("batch_norm", (4, 3, 6), lambda x, weight, bias: F.batch_norm(x, None, None, weight, bias, training=True), norm)
record("local_response_norm: {size: 4, alpha: 0.5, beta: 0.7, bias: 2}", (2, 3, 7), lambda x: F.local_response_norm(x, 4, 0.5, 0.7, 2))
pathlib.Path(__file__).with_name("images.json").write_text(json.dumps(cases) + "\n")
