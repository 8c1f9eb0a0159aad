"""Exit 0 if two folders of golden files hold the same, up to the rounding of another processor."""
import sys
from pathlib import Path

from safetensors import safe_open

LIMITS = {"F64": 1e-11, "F32": 2e-6, "I32": 0}
bad = 0
names = [sorted(str(p.relative_to(f)) for p in Path(f).glob("**/*.safetensors")) for f in sys.argv[1:3]]
if names[0] != names[1]:
    sys.exit(f"the folders hold {names[0]} and {names[1]}")
for name in names[0]:
    ours, theirs = [safe_open(Path(f, name), "pt") for f in sys.argv[1:3]]
    if sorted(ours.keys()) != sorted(theirs.keys()):
        sys.exit(f"{name}: other tensors")
    for key in ours.keys():
        a, b = ours.get_tensor(key).double(), theirs.get_tensor(key).double()
        limit = LIMITS[ours.get_slice(key).get_dtype()]
        if key == "bfloat16":
            limit = 0.05
        if (a - b).abs().max() > limit * b.abs().max():
            print(f"{name}: {key} differs by {(a - b).abs().max():.1e}")
            bad = 1
print("the golden files differ" if bad else f"{len(names[0])} golden files: the same")
sys.exit(bad)
