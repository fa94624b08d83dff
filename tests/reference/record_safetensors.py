"""Records python.safetensors: tensors of every type bpnet reads, written by Python's own safetensors (0.8)."""
import pathlib

import torch
from safetensors.torch import save_file

tensors = {
    "main.hidden.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4,
    "double": torch.tensor([1e300, -0.0], dtype=torch.float64),
    "half": torch.tensor([1.0, -2.0, 3.5], dtype=torch.bfloat16),
    "counts": torch.tensor([[-1], [2**40]], dtype=torch.int64),
    "words": torch.tensor([-7, 7, 2**31 - 1], dtype=torch.int32),
    "bytes": torch.tensor([0, 255, 3], dtype=torch.uint8),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 4),
}
save_file(tensors, pathlib.Path(__file__).parent / "python.safetensors",
          metadata={"format": "pt", "words": "Grüße \"quoted\"\n"})
