"""One epoch of a float perceptron in JAX on the CPU: s/epoch on stdout, one JSON line per epoch.

Usage: jax_epoch.py LAYERS THREADS EPOCHS, for example jax_epoch.py 525,525 1 3.
"""

import json
import os
import sys
import time

layers = [int(width) for width in sys.argv[1].split(",")]
threads = int(sys.argv[2])
epochs = int(sys.argv[3])
os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
)
os.environ["JAX_PLATFORMS"] = "cpu"
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:threads]))

import jax  # noqa: E402  (the environment comes first)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

SAMPLES, INPUTS, CLASSES, BATCH, RATE = 50_000, 784, 10, 100, 0.01


def loss(weights, inputs, labels):
    activations = inputs
    for matrix in weights[:-1]:
        activations = jax.nn.relu(activations @ matrix)
    logits = activations @ weights[-1]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


@jax.jit
def epoch(weights, inputs, labels):
    """All batches in one compiled loop: no Python between the steps."""

    def step(weights, batch):
        gradients = jax.grad(loss)(weights, *batch)
        return [w - RATE * g for w, g in zip(weights, gradients)], None

    shape = (SAMPLES // BATCH, BATCH)
    return jax.lax.scan(step, weights, (inputs.reshape(*shape, INPUTS), labels.reshape(shape)))[0]


random = np.random.default_rng(1)
inputs = jnp.asarray(random.standard_normal((SAMPLES, INPUTS), dtype=np.float32))
labels = jnp.asarray(random.integers(0, CLASSES, SAMPLES, dtype=np.int32))
widths = [INPUTS, *layers, CLASSES]
weights = [
    jnp.asarray(random.standard_normal((n, k), dtype=np.float32) * np.sqrt(2 / n))
    for n, k in zip(widths, widths[1:])
]
weights = jax.block_until_ready(epoch(weights, inputs, labels))
for _ in range(epochs):
    start = time.perf_counter()
    weights = jax.block_until_ready(epoch(weights, inputs, labels))
    print(json.dumps({"seconds": time.perf_counter() - start, "version": jax.__version__}), flush=True)
