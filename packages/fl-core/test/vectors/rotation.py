"""Known answers of the rotation (docs/LEARNING.md), made without Sotto's code: `python3 rotation.py > rotation.json`."""

import json
import math

MASK = 0xFFFFFFFF


def words(seed):
    """splitmix32."""
    state = seed
    while True:
        state = (state + 0x9E3779B9) & MASK
        z = ((state ^ (state >> 16)) * 0x21F0AAAD) & MASK
        z = ((z ^ (z >> 15)) * 0x735A2D97) & MASK
        yield z ^ (z >> 15)


def rotate(x, seed):
    """By the matrix itself: H[i][j] = (-1)^popcount(i & j)."""
    word = words(seed)
    order = list(range(len(x)))
    for i in range(len(x) - 1, 0, -1):
        j = (next(word) * (i + 1)) >> 32
        order[i], order[j] = order[j], order[i]
    y = [x[k] for k in order]
    size = min(4096, 1 << (len(x).bit_length() - 1))
    starts = list(range(0, len(x) - size + 1, size))
    if len(x) % size:
        starts.append(len(x) - size)
    for start in starts:
        signs = [next(word) for _ in range(-(-size // 32))]
        block = [-y[start + i] if signs[i // 32] >> (i % 32) & 1 else y[start + i] for i in range(size)]
        for i in range(size):
            row = (-block[j] if (i & j).bit_count() % 2 else block[j] for j in range(size))
            y[start + i] = math.fsum(row) / math.sqrt(size)
    return y


def case(x, seed):
    return {"seed": seed, "x": x, "y": rotate(x, seed)}


whole = [float(i) for i in range(1, 6)]
waves = [math.sin(i * i) for i in range(100)]
cases = [case([3.0], 0), case(whole, 12345), case(waves[:64], 4294967295), case(waves, 77)]
print("{\"cases\": [\n" + ",\n".join(json.dumps(each) for each in cases) + "\n]}")
