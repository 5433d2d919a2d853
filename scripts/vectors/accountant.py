"""Known answers of the privacy accountant, computed a second time and differently: in decimal arithmetic of 60 digits, sums term by term.

    python3 scripts/vectors/accountant.py > test-vectors/accountant.json

What comes out is given to ten significant digits. References were printed by dp_accounting (Google) and are checked here, too.
"""

import json
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, getcontext
from math import comb

getcontext().prec = 60

# q, t of the sealing's parameter sets: bits of a plaintext coefficient.
PROFILES = {"n47": 42, "n774": 40, "n12k": 38, "n199k": 36}
# Orders of the accountant: every integer up to 256, then a few.
SPARSE = [288, 320, 384, 448, 512, 640, 768, 1024, 1536, 2048, 4096, 8192]


def dec(x):
    return Decimal(str(x))


def digits(x, count=10):
    """As Number.prototype.toPrecision writes it, for what is neither tiny nor huge."""
    if x == 0:
        return "0." + "0" * (count - 1)
    exponent = x.adjusted()
    rounded = x.quantize(Decimal(1).scaleb(exponent - count + 1))
    if rounded.adjusted() > exponent:
        rounded = x.quantize(Decimal(1).scaleb(exponent - count + 2))
    if -7 <= rounded.adjusted() < count:
        return format(rounded, "f")
    sign, numbers, _ = rounded.as_tuple()
    power = rounded.adjusted()
    mantissa = str(numbers[0]) + "." + "".join(map(str, numbers[1:]))
    return f"{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"


def gaussian(alpha, z, q):
    total = Decimal(0)
    for k in range(alpha + 1):
        term = comb(alpha, k) * (1 - q) ** (alpha - k) * q**k
        total += term * (Decimal(k * k - k) / (2 * z * z)).exp()
    return total.ln() / (alpha - 1)


def skellam(alpha, l1, l2_squared, variance):
    first = alpha * l2_squared / (2 * variance)
    corrections = (
        ((2 * alpha - 1) * l2_squared + 6 * l1) / (4 * variance**2),
        3 * l1 / (2 * variance),
    )
    return first + min(corrections)


def rdp_of(mechanism, alpha):
    name = mechanism["name"]
    if name == "constant":
        return dec(mechanism["rdp"])
    if name == "gaussian":
        q = mechanism["samplingProbability"]
        q = Decimal(q[0]) / Decimal(q[1])
        z = dec(mechanism["noiseMultiplier"])
        return alpha / (2 * z * z) if q == 1 else gaussian(alpha, z, q)
    return skellam(alpha, *(dec(mechanism[field]) for field in ("l1", "l2Squared", "variance")))


def conversion(alpha, delta):
    return (1 - 1 / Decimal(alpha)).ln() - (alpha * delta).ln() / (alpha - 1)


def epsilon_of(cost, orders, delta):
    return max(Decimal(0), min(cost(alpha) + conversion(alpha, delta) for alpha in orders))


def accounting(mechanism, rounds, orders, delta, reference=None):
    first, last = orders
    cost = lambda alpha: rounds * rdp_of(mechanism, alpha)
    epsilon = epsilon_of(cost, range(first, last + 1), dec(delta))
    case = {
        "mechanism": mechanism,
        "rounds": rounds,
        "orders": {"first": first, "last": last},
        "delta": delta,
        "rdp": [digits(cost(first)), digits(cost(last))],
        "epsilon": digits(epsilon),
        "reference": None,
    }
    if reference:
        of, value = reference
        found = digits(cost(first) if of == "rdp" else epsilon, len(value.replace(".", "").lstrip("0")))
        assert found == value, (mechanism, found, value)
        case["reference"] = {"of": of, "value": value}
    return case


def sensitivity(radius, d):
    s2 = min(
        (radius + Decimal(d).sqrt()) ** 2,
        radius**2 + Decimal(d) / 4 + (2 * Decimal("0.5")).sqrt() * (radius + Decimal(d).sqrt() / 2),
    )
    return min(Decimal(d).sqrt() * s2.sqrt(), s2), s2


def least_variance(enough):
    """The least even variance of one contributor that is enough, by bisection."""
    high = 2
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 2:
        middle = (low + high) // 4 * 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if high == 2 or not enough(low) else low


def calibration(goal, rounds, encoding):
    """The largest level beside whose noise all fits the lanes, and that noise."""
    log2t = PROFILES[encoding["profile"]]
    d, n_max, lanes = encoding["parameters"], encoding["nMax"], encoding["lanes"]
    clip, spread = dec(encoding["clip"]), dec(encoding["range"])
    contributors, delta = goal["contributors"], dec(goal["delta"])
    orders = [*range(2, 257), *SPARSE]
    half = 2 ** (log2t // lanes - 1) - 1

    def variance_for(level):
        l1, s2 = sensitivity(level * clip / spread, d)
        if "noiseMultiplier" in goal:
            z = dec(goal["noiseMultiplier"])
            return least_variance(lambda v: contributors * v >= z * z * s2)
        whole = {alpha: dec(goal["epsilon"]) - conversion(alpha, delta) for alpha in orders}
        alpha = max(orders, key=lambda order: whole[order] / order)
        return least_variance(lambda v: rounds * skellam(alpha, l1, s2, Decimal(contributors * v)) <= whole[alpha])

    def fits(level):
        if level > 2**30 or level * clip > spread * 2**25:
            return False
        variance = variance_for(level)
        if variance > 2**46:
            return False
        t = (2 * d * Decimal(2) ** 40).ln()
        room = t / 3 + (t * t / 9 + 2 * t * n_max * variance).sqrt()
        return level * n_max + room <= half

    level = 0
    for bit in reversed(range(31)):
        if fits(level + 2**bit):
            level += 2**bit
    variance = variance_for(level)
    l1, s2 = sensitivity(level * clip / spread, d)
    cost = lambda alpha: rounds * skellam(alpha, l1, s2, Decimal(contributors * variance))
    return {
        "goal": goal,
        "rounds": rounds,
        "encoding": encoding,
        "lambda": level,
        "variance": variance,
        "l1": digits(l1),
        "l2Squared": digits(s2),
        "epsilon": digits(epsilon_of(cost, orders, delta)),
    }


def sampled(z, q=(1, 1)):
    return {"name": "gaussian", "noiseMultiplier": z, "samplingProbability": list(q)}


WIDE = (2, 256)
MNIST = (256, 60000)
ACCOUNTED = [
    (sampled(2.5, (1, 100)), 50, (5, 5), 1e-5, ("rdp", "0.00218075656")),
    (sampled(2.5, (1, 100)), 50, (50, 50), 1e-5, ("rdp", "0.0238460375")),
    (sampled(2.5, (1, 100)), 50, (100, 100), 1e-5, ("rdp", "167.416308")),
    (sampled(4.530877117), 1, WIDE, 1e-6, ("epsilon", "1.000000")),
    ({"name": "constant", "rdp": 1.1}, 1, (2, 32), 1e-5, ("epsilon", "1.32783806176")),
    (sampled(1.5, (4, 100)), 2250, WIDE, 1e-5, ("epsilon", "7.329877")),
    (sampled(4), 10, WIDE, 1e-5, ("epsilon", "3.627852")),
    (sampled(10), 100, WIDE, 1e-5, ("epsilon", "4.752728")),
    (sampled(20), 100, WIDE, 1e-5, ("epsilon", "2.168011")),
    (sampled(2, (1, 10)), 200, WIDE, 1e-5, ("epsilon", "3.679746")),
    (sampled(1, (1, 100)), 1000, WIDE, 1e-5, ("epsilon", "2.107753")),
    (sampled(1.3, MNIST), 3515, WIDE, 1e-5, ("epsilon", "0.954430")),
    (sampled(1.1, MNIST), 14062, WIDE, 1e-5, ("epsilon", "2.596981")),
    (sampled(0.7, MNIST), 10546, WIDE, 1e-5, ("epsilon", "6.372841")),
    # Skellam: few and much noise, so that each of the two corrections is the smaller one.
    ({"name": "skellam", "l1": 1, "l2Squared": 1, "variance": 1}, 1, WIDE, 1e-5),
    ({"name": "skellam", "l1": 1000, "l2Squared": 100, "variance": 600}, 20, WIDE, 1e-6),
    ({"name": "skellam", "l1": 40000, "l2Squared": 2600, "variance": 47000}, 10, WIDE, 1e-5),
    ({"name": "skellam", "l1": 9000, "l2Squared": 90000, "variance": 30000}, 2, WIDE, 1e-7),
]

CALIBRATED = [
    ({"epsilon": 1, "delta": 1e-5, "contributors": 20}, 20, ("n47", 47, 2, 10000, 1, 0.5)),
    ({"epsilon": 8, "delta": 1e-6, "contributors": 3}, 30, ("n47", 10, 2, 199210, 5, 2)),
    ({"epsilon": 0.5, "delta": 1e-7, "contributors": 500}, 100, ("n774", 774, 2, 7850, 2, 0.25)),
    ({"epsilon": 4, "delta": 1e-5, "contributors": 100}, 50, ("n774", 200, 2, 1663370, 3, 0.01)),
    ({"epsilon": 3, "delta": 1e-5, "contributors": 1000}, 10, ("n12k", 12452, 1, 650, 1, 1)),
    ({"noiseMultiplier": 4, "delta": 1e-5, "contributors": 10}, 10, ("n47", 12, 1, 1000, 1, 1)),
    ({"noiseMultiplier": 1.1, "delta": 1e-5, "contributors": 30}, 5, ("n47", 40, 2, 54, 2, 1)),
]


def encoded(profile, n_max, lanes, parameters, clip, spread):
    return {
        "profile": profile,
        "nMax": n_max,
        "lanes": lanes,
        "parameters": parameters,
        "clip": clip,
        "range": spread,
    }


cases = [accounting(*case) for case in ACCOUNTED]
cases += [calibration(goal, rounds, encoded(*numbers)) for goal, rounds, numbers in CALIBRATED]
note = (
    "costs of Gaussian noise, sampled or not, and of Skellam noise as rdp at the first and the last order, and as epsilon at delta over "
    "all orders between them; then the largest level and the noise of one contributor that a goal comes to. Ten significant digits; "
    "references are of dp_accounting."
)
print(json.dumps({"note": note, "cases": cases}, indent=1, ensure_ascii=False))
