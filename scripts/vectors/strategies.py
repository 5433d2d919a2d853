"""Known answers of the server strategies, computed a second time and differently: in decimal arithmetic of 60 digits, vector by vector.

    python3 scripts/vectors/strategies.py > test-vectors/strategies.json

Weights and means are given as integers in units of 2^-16; what comes out is rounded to float32 and given by its bits.
"""

import json
import struct
from decimal import Decimal, getcontext
from random import Random

getcontext().prec = 60
UNIT = Decimal(2) ** -16

# Strategy, and in how large a ball a round may move the model (in the same units): huge where the strategy alone is tried.
CASES = [
    ({"name": "FedAvg"}, 2**24),
    ({"name": "FedProx", "proximal_mu": 0.5}, 2**24),
    ({"name": "FedAvgM", "server_learning_rate": 1, "server_momentum": 0}, 2**24),
    ({"name": "FedAvgM", "server_learning_rate": 0.7, "server_momentum": 0}, 2**24),
    ({"name": "FedAvgM", "server_learning_rate": 0.5, "server_momentum": 0.9}, 2**24),
    ({"name": "FedAdam", "eta": 0.1, "beta_1": 0.9, "beta_2": 0.99, "tau": 1e-9}, 2**24),
    ({"name": "FedAdam", "eta": 0.03, "beta_1": 0.8, "beta_2": 0.95, "tau": 1e-3}, 2**24),
    ({"name": "FedYogi", "eta": 0.01, "beta_1": 0.9, "beta_2": 0.99, "tau": 1e-3}, 2**24),
    ({"name": "FedYogi", "eta": 0.05, "beta_1": 0.5, "beta_2": 0.7, "tau": 1e-9}, 2**24),
    ({"name": "FedAdagrad", "eta": 0.1, "tau": 1e-9}, 2**24),
    ({"name": "FedAdagrad", "eta": 0.3, "tau": 0.01}, 2**24),
    # The server's step would leave the ball: it ends on its surface, and the moments are what they would have been.
    ({"name": "FedAvgM", "server_learning_rate": 1, "server_momentum": 0.9}, 9000),
    ({"name": "FedAdam", "eta": 0.1, "beta_1": 0.9, "beta_2": 0.99, "tau": 1e-9}, 5000),
]
ROUNDS = 4


def single(value):
    """The nearest float32, exactly, as a decimal."""
    return Decimal(struct.unpack("<f", struct.pack("<f", float(value)))[0])


def bits(value):
    return struct.pack(">f", float(value)).hex()


def number(value):
    """The double itself, exactly: 0.99 is not quite 99/100, and a tie in one of them is none in the other."""
    return Decimal(value)


def sign(value):
    return Decimal((value > 0) - (value < 0))


def moves_of(strategy, means, m, v, t):
    """What all coordinates move by in round t = 1, 2, … and the moments after it."""
    name = strategy["name"]
    p = {key: number(value) for key, value in strategy.items() if key != "name"}
    one = Decimal(1)
    if name in ("FedAvg", "FedProx"):
        return means, None, None
    if name == "FedAvgM":
        if p["server_momentum"] == 0:
            return [p["server_learning_rate"] * d for d in means], None, None
        m = [p["server_momentum"] * a + d for a, d in zip(m, means)]
        return [p["server_learning_rate"] * a for a in m], m, None
    if name == "FedAdagrad":
        v = [b + d * d for b, d in zip(v, means)]
        return [p["eta"] * d / (b.sqrt() + p["tau"]) for d, b in zip(means, v)], None, v
    m = [p["beta_1"] * a + (one - p["beta_1"]) * d for a, d in zip(m, means)]
    rate = p["eta"]
    if name == "FedAdam":
        v = [p["beta_2"] * b + (one - p["beta_2"]) * d * d for b, d in zip(v, means)]
        rate = rate * (one - p["beta_2"] ** (t + 1)).sqrt() / (one - p["beta_1"] ** (t + 1))
    else:
        v = [b - (one - p["beta_2"]) * d * d * sign(b - d * d) for b, d in zip(v, means)]
    return [rate * a / (b.sqrt() + p["tau"]) for a, b in zip(m, v)], m, v


def case(strategy, clip, seed):
    random = Random(seed)
    size = 6
    start = [random.randint(-(2**15), 2**15) for _ in range(size - 1)] + [0]
    weights = [start[i] * UNIT for i in range(size)]
    m = [Decimal(0)] * size
    v = [Decimal(0)] * size
    rounds = []
    for t in range(1, ROUNDS + 1):
        # Large, small, one unit alone, and none at all; a coordinate that lies still in one round moves in the next.
        mean = [random.randint(-8000, 8000) for _ in range(size - 3)] + [random.randint(-40, 40), t - 2, 1 - 2 * (t % 2)]
        moves, m_after, v_after = moves_of(strategy, [d * UNIT for d in mean], m, v, t)
        norm = sum(move * move for move in moves).sqrt()
        ball = clip * UNIT
        factor = ball / norm if norm > ball else Decimal(1)
        weights = [single(w + factor * move) for w, move in zip(weights, moves)]
        m = [single(a) for a in m_after] if m_after is not None else m
        v = [single(b) for b in v_after] if v_after is not None else v
        rounds.append(
            {
                "mean": mean,
                "weights": [bits(w) for w in weights],
                "m": [bits(a) for a in m] if m_after is not None else None,
                "v": [bits(b) for b in v] if v_after is not None else None,
            }
        )
    return {"strategy": strategy, "clip": clip, "start": start, "rounds": rounds}


def main():
    listed = []
    for i, (strategy, clip) in enumerate(CASES):
        listed.append(case(strategy, clip, 1000 + i))
    note = (
        "start, mean and clip are integers in units of 2^-16; weights, m and v are the bits of float32 numbers, big-endian hexadecimal. "
        "Each round goes on from the float32 numbers of the round before; m and v begin at 0."
    )
    print(json.dumps({"note": note, "cases": listed}, indent=1))


main()
