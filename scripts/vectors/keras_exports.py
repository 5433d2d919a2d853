"""Writes packages/learner/vectors/keras-exports.json: models as Keras 2 and 3 and TF.js's converter export them, and what Keras answers.

python -m venv v && v/bin/pip install 'tensorflow-cpu==2.19.*' 'tf_keras==2.19.*' && v/bin/pip install --no-deps tensorflowjs==4.22.0 six tensorflow_hub importlib_resources
v/bin/python keras_exports.py 3 PARTS && TF_USE_LEGACY_KERAS=1 v/bin/python keras_exports.py 2 PARTS && v/bin/python keras_exports.py join PARTS ../../packages/learner/vectors/keras-exports.json
"""

import base64, json, os, sys, types

which, parts = sys.argv[1], sys.argv[2]
WHOLE, DESCRIBED = ('seq', 'fun', 'nested'), ('lam', 'ops')


def join(target):
    exports = {}
    for keras_name in ('keras2', 'keras3'):
        folder = f'{parts}/{keras_name}'
        read = lambda name: json.load(open(f'{folder}/{name}'))
        for name in WHOLE:
            shard = open(f'{folder}/{name}-tfjs/group1-shard1of1.bin', 'rb').read()
            exports[f'{keras_name}/{name}'] = {
                'json': read(f'{name}.json'),
                'converted': read(f'{name}-tfjs/model.json'),
                'weights': base64.urlsafe_b64encode(shard).decode().rstrip('='),
                'answers': read(f'{name}.answers.json'),
            }
        for name in DESCRIBED:
            exports[f'{keras_name}/{name}'] = {'json': read(f'{name}.json')}
    json.dump(exports, open(target, 'w'), separators=(',', ':'))


if which == 'join':
    join(sys.argv[3])
    sys.exit()

# What the converter imports and does not need here.
for name in ('tensorflow_decision_forests', 'tensorflow_hub', 'jax', 'jax.experimental', 'jax.experimental.jax2tf'):
    try:
        __import__(name)
    except Exception:
        sys.modules[name] = types.ModuleType(name)
sys.modules['jax'].experimental = sys.modules['jax.experimental']
sys.modules['jax.experimental'].jax2tf = sys.modules['jax.experimental.jax2tf']
import numpy as np

for name in ('object', 'bool'):
    if name not in np.__dict__:
        setattr(np, name, __builtins__.__dict__[name])
if which == '2':
    import tf_keras as keras
else:
    import keras
import tensorflowjs as tfjs

L = keras.layers
start = lambda shape: keras.Input(shape) if which == '3' else L.InputLayer(shape)


def seq():
    keras.utils.set_random_seed(7)
    return keras.Sequential(
        [
            start((6, 6, 1)),
            L.Conv2D(3, 3, activation='relu', kernel_regularizer=keras.regularizers.L2(0.01)),
            L.BatchNormalization(),
            L.MaxPooling2D(),
            L.Dropout(0.2),
            L.Flatten(),
            L.Dense(4, activation=keras.activations.gelu if which == '3' else 'swish'),
            L.Dense(3, activation='softmax'),
        ],
        name='small',
    )


def fun():
    keras.utils.set_random_seed(8)
    pixels = keras.Input((6, 6, 1), name='pixels')
    x = L.Conv2D(4, 3, padding='same', activation='silu' if which == '3' else 'swish', kernel_initializer='he_normal')(pixels)
    y = L.ReLU(max_value=6)(L.DepthwiseConv2D(3, padding='same')(x))
    z = L.GlobalAveragePooling2D()(L.Add()([x, y]))
    return keras.Model(pixels, L.Dense(3, activation='softmax', name='answer')(z), name='residual')


def nested():
    keras.utils.set_random_seed(9)
    base = keras.Sequential([start((6, 6, 1)), L.Conv2D(2, 3), L.Flatten()], name='base')
    base.trainable = False
    pixels = keras.Input((6, 6, 1), name='pixels2')
    return keras.Model(pixels, L.Dense(3, activation='softmax', name='head')(base(pixels)), name='transfer')


def lam():
    return keras.Sequential([keras.Input((4,)), L.Lambda(lambda x: x * 2), L.Dense(3, activation='softmax')], name='with_lambda')


def ops():
    start_of = keras.Input((4,), name='in')
    x = (L.Dense(4)(start_of) * 2.0) + start_of
    return keras.Model(start_of, L.Dense(3, activation='softmax')(x), name='with_ops')


folder = f'{parts}/keras{which}'
os.makedirs(folder, exist_ok=True)
inputs = np.linspace(-1, 1, 72).reshape(2, 6, 6, 1).astype('float32')
for name in WHOLE + DESCRIBED:
    model = globals()[name]()
    open(f'{folder}/{name}.json', 'w').write(model.to_json())
    if name in DESCRIBED:
        continue
    json.dump(np.asarray(model(inputs, training=False)).tolist(), open(f'{folder}/{name}.answers.json', 'w'))
    tfjs.converters.save_keras_model(model, f'{folder}/{name}-tfjs')
