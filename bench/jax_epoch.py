"""One epoch of a perceptron in JAX on the CPU: s/epoch on stdout, one JSON line per epoch.

Usage: jax_epoch.py LAYERS THREADS EPOCHS [RULE], for example jax_epoch.py 525,525 1 3 adam.
RULE is sgd (the default), adam or qat: straight-through signs with batch normalization, Adam, latent weights in [-1, 1].
"""

import json
import os
import sys
import time

layers = [int(width) for width in sys.argv[1].split(",")]
threads = int(sys.argv[2])
epochs = int(sys.argv[3])
rule = sys.argv[4] if len(sys.argv) > 4 else "sgd"
os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
)
os.environ["JAX_PLATFORMS"] = "cpu"
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:threads]))

import jax  # noqa: E402  (the environment comes first)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

SAMPLES, INPUTS, CLASSES, BATCH, RATE = 50_000, 784, 10, 100, 0.01


@jax.custom_vjp
def sign(x):
    return jnp.where(x >= 0, 1.0, -1.0)


sign.defvjp(lambda x: (sign(x), x), lambda x, errors: (jnp.where(jnp.abs(x) <= 1, errors, 0.0),))


def layer(activations, matrix):
    if rule != "qat":
        return activations @ matrix
    products = activations @ sign(matrix)
    centred = products - products.mean(axis=0)
    return centred / jnp.sqrt((centred * centred).mean(axis=0) + 1e-3)


def loss(weights, inputs, labels):
    activations = inputs
    for matrix in weights[:-1]:
        activations = (sign if rule == "qat" else jax.nn.relu)(layer(activations, matrix))
    logits = layer(activations, weights[-1])
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


def adam(state, gradients):
    weights, means, squares, t = state
    t = t + 1
    means = [0.9 * m + 0.1 * g for m, g in zip(means, gradients)]
    squares = [0.999 * s + 0.001 * g * g for s, g in zip(squares, gradients)]
    rate, scale = 0.001 / (1 - 0.9**t), 1 / jnp.sqrt(1 - 0.999**t)
    weights = [w - rate * m / (jnp.sqrt(s) * scale + 1e-8) for w, m, s in zip(weights, means, squares)]
    return [jnp.clip(w, -1, 1) for w in weights] if rule == "qat" else weights, means, squares, t


@jax.jit
def epoch(state, inputs, labels):
    """All batches in one compiled loop: no Python between the steps."""

    def step(state, batch):
        gradients = jax.grad(loss)(state[0], *batch)
        if rule == "sgd":
            return ([w - RATE * g for w, g in zip(state[0], gradients)], *state[1:]), None
        return adam(state, gradients), None

    shape = (SAMPLES // BATCH, BATCH)
    return jax.lax.scan(step, state, (inputs.reshape(*shape, INPUTS), labels.reshape(shape)))[0]


random = np.random.default_rng(1)
inputs = jnp.asarray(random.standard_normal((SAMPLES, INPUTS), dtype=np.float32))
labels = jnp.asarray(random.integers(0, CLASSES, SAMPLES, dtype=np.int32))
widths = [INPUTS, *layers, CLASSES]
weights = [
    jnp.asarray(random.standard_normal((n, k), dtype=np.float32) * np.sqrt(2 / n))
    for n, k in zip(widths, widths[1:])
]
zeros = [] if rule == "sgd" else [jnp.zeros_like(w) for w in weights]
state = jax.block_until_ready(epoch((weights, zeros, zeros, jnp.float32(0)), inputs, labels))
for _ in range(epochs):
    start, busy = time.perf_counter(), time.process_time()
    state = jax.block_until_ready(epoch(state, inputs, labels))
    times = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy}
    print(json.dumps({**times, "version": jax.__version__}), flush=True)
