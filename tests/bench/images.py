"""One training step with Adam of convolutional networks in bpnet and in PyTorch, alternated in one run; minima in ms
and their ratio, on random pictures. usage: images.py [lenet5|vgg4|resnet18]...   (all when none is named)

PyTorch: its best of 1 and 2 threads, eager and compiled, channels first and last. bpnet: its best of 1 and 2 threads.
"""
import os
import re
import struct
import sys
import tempfile

from step_times import compare, print_head, torch_ms

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 64
CONV = "  - conv2d: {{channels: {}, kernel_size: 3, padding: same, bias: false}}\n  - batch_norm\n  - relu\n"
LENET5 = """  - conv2d: {channels: 6, kernel_size: 5, padding: 2}
  - relu
  - max_pool2d: 2
  - conv2d: {channels: 16, kernel_size: 5}
  - relu
  - max_pool2d: 2
  - flatten
  - dense: {units: 120, activation: relu}
  - dense: {units: 84, activation: relu}
  - output
"""
VGG4 = CONV.format(32) + CONV.format(32) + "  - max_pool2d: 2\n" + CONV.format(64) + CONV.format(64) + "  - max_pool2d: 2\n  - flatten\n  - dense: {units: 128, activation: relu}\n  - output\n"


def shipped_model(name):
    """The model of a file in configs/large."""
    with open(f"{HERE}/../../configs/large/{name}.yaml") as f:
        return re.search(r"^model:\n((?:[ #].*\n)+)", f.read(), re.M)[1]


NETS = {"lenet5": ((28, 28, 1), LENET5), "vgg4": ((32, 32, 3), VGG4), "resnet18": ((32, 32, 3), shipped_model("resnet18"))}

TORCH = r"""
name, (height, width, channels), batch = case
def conv(i, o, stride=1, size=3):
    return [nn.Conv2d(i, o, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(o)]
class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.layers = nn.Sequential(*conv(i, o, stride), nn.ReLU(), *conv(o, o))
        self.skip = nn.Sequential(*(conv(i, o, stride, 1) if i != o else []))
    def forward(self, x):
        return F.relu(self.layers(x) + self.skip(x))
if name == "lenet5":
    net = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
if name == "vgg4":
    two = lambda i, o: [*conv(i, o), nn.ReLU(), *conv(o, o), nn.ReLU(), nn.MaxPool2d(2)]
    net = nn.Sequential(*two(3, 32), *two(32, 64), nn.Flatten(), nn.Linear(4096, 128), nn.ReLU(), nn.Linear(128, 10))
if name == "resnet18":
    blocks = [Block(i, o, s) for i, o, s in [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1)]]
    net = nn.Sequential(*conv(3, 64), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))
x, y = torch.randn(batch, channels, height, width), torch.randint(10, (batch,))
if channels_last:
    net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
"""


def write_case(folder, shape, model):
    rows = 8 * BATCH
    with open(f"{folder}/images", "wb") as f:
        f.write(struct.pack(">5I", 0x804, rows, *shape) + os.urandom(rows * shape[0] * shape[1] * shape[2]))
    with open(f"{folder}/labels", "wb") as f:
        f.write(struct.pack(">2I", 0x801, rows) + bytes(i % 10 for i in range(rows)))
    with open(f"{folder}/c.yaml", "w") as f:
        f.write("data: {file: {image: images, label: labels}, target: label, columns: {label: category}}\n")
        f.write(f"model:\n{model}optimizer: {{adam: {{learning_rate: 0.001}}}}\ntrain: {{epochs: 1, batch_size: {BATCH}}}\n")


print_head()
for name in sys.argv[1:] or NETS:
    shape, model = NETS[name]
    with tempfile.TemporaryDirectory() as folder:
        write_case(folder, shape, model)
        compare(name, BATCH, f"{folder}/c.yaml", lambda: torch_ms(TORCH, (name, shape, BATCH), layouts=(False, True)))
