"""Writes augmentations.json: pictures changed by Pillow, bytes of (height, width, 3). Needs Pillow and numpy."""
import json
import pathlib

import numpy
from PIL import Image, ImageEnhance, ImageOps

HEIGHT, WIDTH = 24, 21
rng = numpy.random.default_rng(1)
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
ramp = numpy.stack([40 + 7 * y, 30 + 5 * x + 2 * y, 200 - 6 * x], axis=-1)
pixels = numpy.clip(ramp + rng.integers(-15, 16, (HEIGHT, WIDTH, 3)), 20, 230).astype(numpy.uint8)
picture = Image.fromarray(pixels)

changed = {
    "brightness 1.4": ImageEnhance.Brightness(picture).enhance(1.4),
    "brightness 0.3": ImageEnhance.Brightness(picture).enhance(0.3),
    "contrast 1.5": ImageEnhance.Contrast(picture).enhance(1.5),
    "contrast 0.2": ImageEnhance.Contrast(picture).enhance(0.2),
    "saturation 1.7": ImageEnhance.Color(picture).enhance(1.7),
    "saturation 0.1": ImageEnhance.Color(picture).enhance(0.1),
    "sharpness 1.9": ImageEnhance.Sharpness(picture).enhance(1.9),
    "sharpness 0.1": ImageEnhance.Sharpness(picture).enhance(0.1),
    "posterize 3": ImageOps.posterize(picture, 5),
    "solarize 0.6": ImageOps.solarize(picture, 153),
    "auto_contrast 0": ImageOps.autocontrast(picture),
    "equalize 0": ImageOps.equalize(picture),
    "rotate 30": picture.rotate(30, Image.Resampling.BILINEAR),
    "rotate -75": picture.rotate(-75, Image.Resampling.BILINEAR),
}
out = {
    "height": HEIGHT,
    "width": WIDTH,
    "before": pixels.flatten().tolist(),
    "after": {name: numpy.asarray(p).flatten().tolist() for name, p in changed.items()},
}
pathlib.Path(__file__).with_name("augmentations.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
