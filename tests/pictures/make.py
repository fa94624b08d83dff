"""Makes the pictures beside it and what Pillow and numpy read from them. Run by hand; its files are kept."""
import json
import os
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = {}
RANDOM = np.random.default_rng(5)


def path(name):
    return os.path.join(HERE, name)


def keep(name, pixels):
    """What a reader has to make of a file: (height, width, channels) from 0 to 255."""
    pixels = np.asarray(pixels)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    EXPECTED[name] = {"shape": list(pixels.shape), "pixels": pixels.astype(int).ravel().tolist()}


def smooth(height, width, channels):
    """Gradients with a little noise: JPEG keeps them."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    noise = RANDOM.integers(0, 9, (height, width, channels))
    return (20 + y * 150 / height * (c != 1) + x * 60 / width * (c != 2) + noise).astype(np.uint8)


def on_white(pixels, alpha):
    pixels, alpha = pixels.astype(int), alpha.astype(int)
    return (pixels * alpha + 255 * (255 - alpha) + 127) // 255


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def read(name):
    with open(path(name), "rb") as f:
        return f.read()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, data, interlace=0):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


grey, colour = smooth(5, 7, 1)[:, :, 0], smooth(6, 9, 3)
alpha = RANDOM.integers(0, 256, (5, 7)).astype(np.uint8)

# PNG
Image.fromarray(grey).save(path("grey.png"))
keep("grey.png", grey)
Image.fromarray(colour).save(path("colour.png"))
keep("colour.png", colour)
Image.fromarray(np.dstack([grey, alpha]), "LA").save(path("grey_alpha.png"))
keep("grey_alpha.png", on_white(grey, alpha))
Image.fromarray(np.dstack([smooth(5, 7, 3), alpha]), "RGBA").save(path("colour_alpha.png"))
rgba = np.asarray(Image.open(path("colour_alpha.png")))
keep("colour_alpha.png", on_white(rgba[:, :, :3], rgba[:, :, 3:]))
palette = Image.fromarray(colour).quantize(7)
palette.save(path("palette.png"), bits=4)
keep("palette.png", palette.convert("RGB"))
bits = RANDOM.integers(0, 2, (5, 11)).astype(bool)
Image.fromarray(bits).save(path("bits.png"))
keep("bits.png", bits * 255)
deep = RANDOM.integers(0, 65536, (4, 6))
Image.fromarray(deep.astype(np.uint16)).save(path("deep.png"))
keep("deep.png", (deep * 255 + 32895) >> 16)
lines = b""
for first_y, step_y, first_x, step_x in [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1)]:  # Adam7
    part = colour[first_y::step_y, first_x::step_x]
    if part.size:
        lines += b"".join(b"\0" + line.tobytes() for line in part)
write("interlaced.png", png(9, 6, 8, 2, lines, interlace=1))
keep("interlaced.png", Image.open(path("interlaced.png")))

# JPEG
big = smooth(19, 21, 3)
Image.fromarray(big[:, :, 0]).save(path("grey.jpg"), quality=90)
Image.fromarray(big).save(path("colour.jpg"), quality=90)
Image.fromarray(big).save(path("progressive.jpg"), quality=85, progressive=True)
Image.fromarray(big).convert("CMYK").save(path("print.jpg"))
for name in ["grey.jpg", "colour.jpg", "progressive.jpg", "print.jpg"]:
    keep(name, Image.open(path(name)).convert("L" if name == "grey.jpg" else "RGB"))

# BMP
for name, picture in {"bits": Image.fromarray(bits), "grey": Image.fromarray(grey), "palette": palette, "colour": Image.fromarray(colour)}.items():
    picture.save(path(f"{name}.bmp"))
    keep(f"{name}.bmp", np.asarray(picture) * 255 if name == "bits" else picture.convert("RGB") if name == "palette" else picture)
four = bytearray(struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 0, 0, 0, 54 + 16, 40, 3, -2, 1, 4, 0, 0, 0, 0, 4, 0))
four += bytes([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 9, 8, 7, 0]) + bytes([0x01, 0x20, 0, 0, 0x32, 0x10, 0, 0])
write("four_bits.bmp", bytes(four))
reds = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [7, 8, 9]]
keep("four_bits.bmp", np.array([[reds[0], reds[1], reds[2]], [reds[3], reds[2], reds[1]]]))
rows = b"".join(np.dstack([colour[:, :, ::-1], np.full((6, 9), 77, np.uint8)])[::-1].tobytes() for _ in [0])
write("four_bytes.bmp", struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 0, 0, 0, 54, 40, 9, 6, 1, 32, 0, 0, 0, 0, 0, 0) + rows)
keep("four_bytes.bmp", colour)

# PBM, PGM, PPM
Image.fromarray(grey).save(path("grey.pgm"))
keep("grey.pgm", grey)
Image.fromarray(colour).save(path("colour.ppm"))
keep("colour.ppm", colour)
Image.fromarray(bits).save(path("bits.pbm"))
keep("bits.pbm", bits * 255)
write("plain.pgm", b"P2\n# a remark\n3 2 # another\n15\n0 1 2\n13 14 15\n")
keep("plain.pgm", [[0, 17, 34], [221, 238, 255]])
write("plain.ppm", b"P3 2 1 255\n1 2 3\n4 5 6")
keep("plain.ppm", [[[1, 2, 3], [4, 5, 6]]])
write("plain.pbm", b"P1\n4 2\n0110\n1 0 0 1\n")
keep("plain.pbm", [[255, 0, 0, 255], [0, 255, 255, 0]])
write("deep.pgm", b"P5 2 1 65535\n\x80\x00\xff\xff")
keep("deep.pgm", [[128, 255]])

# Other sizes
RESIZED = []
for height, width in [(3, 4), (4, 9), (12, 18), (7, 5), (1, 1)]:
    for method, filter in {"area": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR}.items():
        for crop in ["none", "centre"]:
            source = Image.fromarray(colour)
            out = source.resize((width, height), filter) if crop == "none" else ImageOps.fit(source, (width, height), filter)
            RESIZED.append({"method": method, "crop": crop, "shape": [height, width, 3], "pixels": np.asarray(out).astype(int).ravel().tolist()})
GREY = np.asarray(Image.fromarray(colour).convert("L")).astype(int).ravel().tolist()

# Taken with the camera turned or mirrored in the eight ways, noted in either order of bytes
for way in range(1, 9):
    tiff = struct.pack("<2sHIHHHIHHI" if way % 2 else ">2sHIHHHIHHI", b"II" if way % 2 else b"MM", 42, 8, 1, 0x112, 3, 1, way, 0, 0)
    Image.fromarray(big).save(path(f"turned_{way}.jpg"), quality=90, exif=b"Exif\0\0" + tiff)
    keep(f"turned_{way}.jpg", ImageOps.exif_transpose(Image.open(path(f"turned_{way}.jpg"))))

# Broken ones
write("broken/cut_short.png", read("colour.png")[:-60])
write("broken/cut_in_its_head.png", read("colour.png")[:20])
write("broken/cut_short.jpg", read("colour.jpg")[:-60])
write("broken/cut_short.bmp", read("colour.bmp")[:-9])
write("broken/cut_short.pgm", read("grey.pgm")[:-2])
write("broken/cut_short_plain.pgm", b"P2 3 2 255 1 2 3 4 5")
damaged = bytearray(read("colour.png"))
damaged[50] ^= 0x55
write("broken/damaged.png", bytes(damaged))
write("broken/zero.png", png(0, 0, 8, 2, b""))
write("broken/huge.png", png(30000, 30000, 8, 2, b""))
write("broken/much.png", png(16000, 6000, 8, 2, b""))
write("broken/huge.jpg", read("colour.jpg").replace(struct.pack(">HH", 19, 21), struct.pack(">HH", 30000, 30000)))
write("broken/huge.bmp", struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 0, 0, 0, 54, 40, 30000, 30000, 1, 24, 0, 0, 0, 0, 0, 0))
write("broken/huge.ppm", b"P6 30000 30000 255\n")
write("broken/zero.ppm", b"P6 0 3 255\n")
write("broken/packed.bmp", struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 0, 0, 0, 54, 40, 2, 2, 1, 8, 1, 0, 0, 0, 0, 0))
write("broken/text.png", b"this is a text\n")
write("broken/empty.png", b"")
write("broken/animation.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")

with open(path("expected.json"), "w") as f:
    json.dump({"pictures": EXPECTED, "resized": RESIZED, "grey": GREY}, f, indent=None, separators=(",", ":"))
    f.write("\n")
