#!/usr/bin/env python3
"""Writes sequences.json: what PyTorch computes for layers of sequences, in double, on the formulas of
tests/gradients/layer_run.hpp: 4 samples of ragged lengths. Parameters in the order of the nodes, their axes
in reverse: matrices (in, out). Needs torch."""
import json
import pathlib

import torch
from formulas import formula, tensor
from torch import nn

SAMPLES = 4
torch.set_default_dtype(torch.float64)
records = []


def ragged(steps):
    return [steps - 2 * i % steps for i in range(SAMPLES)]


def padding(steps):
    """True where a step is not in use."""
    return torch.arange(steps)[None, :] >= torch.tensor(ragged(steps))[:, None]


def turned_round(x):
    return x.permute(*reversed(range(x.ndim)))


def record(yaml, width, steps, parameters, f):
    """f(x) uses `parameters`, PyTorch's own tensors (out, in)."""
    for k, p in enumerate(parameters):
        values = tensor(10 + k, *reversed(p.shape)).detach()
        p.data = turned_round(values).clone()
        p.grad = None
    y = f(tensor(0, SAMPLES, steps, width).detach())
    g = formula(20, y.numel()).reshape(y.shape)
    if y.ndim == 3:
        unused = padding(steps)[:, :, None]
        y, g = y.masked_fill(unused, 0), g.masked_fill(unused, 0)
    y.backward(g)
    records.append({
        "block": yaml, "width": width, "steps": steps, "out": y.detach().flatten().tolist(),
        "gradients": [turned_round(p.grad).flatten().tolist() for p in parameters]})


def recurrent(yaml, net, last=False, steps=5):
    def f(x):
        packed = nn.utils.rnn.pack_padded_sequence(x, ragged(steps), batch_first=True, enforce_sorted=False)
        y, h = net(packed)
        if not last:
            return nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=steps)[0]
        h = h[0] if isinstance(h, tuple) else h
        return torch.cat([h[-2], h[-1]], dim=1) if net.bidirectional else h[-1]

    record(yaml, 4, steps, list(net.parameters()), f)


recurrent("lstm: {units: 3, layers: 2, bidirectional: true}", nn.LSTM(4, 3, 2, bidirectional=True))
recurrent("gru: {units: 3, layers: 2, bidirectional: true}", nn.GRU(4, 3, 2, bidirectional=True))
recurrent("rnn: {units: 3, layers: 2, bidirectional: true}", nn.RNN(4, 3, 2, bidirectional=True))
recurrent("rnn: {units: 3, activation: relu, bias: false}", nn.RNN(4, 3, nonlinearity="relu", bias=False))
recurrent("lstm: {units: 20, bidirectional: true, output: last}", nn.LSTM(4, 20, bidirectional=True), True)
recurrent("gru: {units: 17, output: last}", nn.GRU(4, 17), True)


def attention_mask(steps):
    return nn.Transformer.generate_square_subsequent_mask(steps).isinf()


def projections(net):
    return [net.in_proj_weight, net.in_proj_bias, net.out_proj.weight, net.out_proj.bias]


def attention(yaml, causal, width, heads, steps):
    net = nn.MultiheadAttention(width, heads, batch_first=True)
    mask = attention_mask(steps) if causal else None
    record(yaml, width, steps, projections(net),
           lambda x: net(x, x, x, key_padding_mask=padding(steps), attn_mask=mask, need_weights=False)[0])


attention("attention: {heads: 2}", False, 4, 2, 5)
attention("attention: {heads: 2, causal: true}", True, 4, 2, 5)
attention("attention: {heads: 3, causal: true}", True, 15, 3, 37)
attention("attention: 1", False, 8, 1, 70)


def turned(x):
    """Rotary positions, halves of a head as pairs; x (samples, heads, steps, width)."""
    half = x.shape[-1] // 2
    angle = torch.arange(x.shape[2])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], dim=-1)


def grouped(yaml, width, heads, shared, steps):
    """Causal, with rotary positions and fewer heads of keys and values."""
    size = width // heads
    inner, outer = nn.Linear(width, width + 2 * shared * size), nn.Linear(width, width)

    def f(x):
        q, k, v = inner(x).split([width, shared * size, shared * size], dim=-1)
        cut = lambda t, n: t.reshape(SAMPLES, steps, n, size).transpose(1, 2)
        y = nn.functional.scaled_dot_product_attention(
            turned(cut(q, heads)), turned(cut(k, shared)), cut(v, shared), is_causal=True, enable_gqa=True)
        return outer(y.transpose(1, 2).reshape(SAMPLES, steps, width))

    record(yaml, width, steps, [*inner.parameters(), *outer.parameters()], f)


grouped("attention: {heads: 4, kv_heads: 2, causal: true, rotary: true}", 16, 4, 2, 21)


def transformer(yaml, pre, causal, activation, steps=6):
    layer = nn.TransformerEncoderLayer(6, 3, 24, dropout=0, activation=activation, batch_first=True, norm_first=pre)
    norms = [list(n.parameters()) for n in (layer.norm1, layer.norm2)]
    dense = [*layer.linear1.parameters(), *layer.linear2.parameters()]
    last = nn.LayerNorm(6) if pre else nn.Identity()
    if pre:
        parameters = [*norms[0], *projections(layer.self_attn), *norms[1], *dense, *last.parameters()]
    else:
        parameters = [*projections(layer.self_attn), *norms[0], *dense, *norms[1]]
    mask = attention_mask(steps) if causal else None
    record(yaml, 6, steps, parameters, lambda x: last(layer(x, src_mask=mask, src_key_padding_mask=padding(steps))))


transformer("transformer: {heads: 3, causal: true}", True, True, "gelu")
transformer("transformer: {heads: 3, norm: post, activation: relu}", False, False, "relu")



def convolution(yaml, net, before, after, steps=9):
    """Steps that are not in use are zeros."""
    def f(x):
        x = x.masked_fill(padding(steps)[:, :, None], 0).transpose(1, 2)
        return net(nn.functional.pad(x, (before, after))).transpose(1, 2)

    record(yaml, net.in_channels, steps, list(net.parameters()), f)


convolution("conv1d: {channels: 5, kernel_size: 3, dilation: 2, causal: true}", nn.Conv1d(4, 5, 3, dilation=2), 4, 0)
convolution("conv1d: {channels: 3, kernel_size: 4, padding: same}", nn.Conv1d(6, 3, 4), 1, 2)

lines = ",\n".join(json.dumps(r) for r in records)
pathlib.Path(__file__).with_name("sequences.json").write_text(f"[\n{lines}\n]\n")
