"""Known answers of NumPy's array format, written by NumPy itself.

    python3 scripts/vectors/npy.py > packages/learner/test/npy.json
"""

import io
import json

import numpy as np

# No sides, one, several; headers of one length and, with many sides, of the next.
SHAPES = [(), (1,), (3,), (0, 4), (2, 3), (3, 3, 1, 2), (1,) * 12 + (2,), (1,) * 28]


def written(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue().hex()


answers = []
for shape in SHAPES:
    values = (np.arange(np.prod(shape, dtype=int), dtype=np.float32) - 2) / 3
    answers.append({"shape": list(shape), "values": values.tolist(), "bytes": written(values.reshape(shape))})
print(json.dumps({"numpy": np.__version__, "answers": answers}, indent=1))
