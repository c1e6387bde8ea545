"""Epochs of a recurrent network in JAX on the CPU, laid out in time, one thread: one JSON line per epoch.

Usage: jax_recurrent_epoch.py WIDTH STEPS SAMPLES EPOCHS, for example jax_recurrent_epoch.py 1875 28 1000 2.
784 inputs in STEPS pieces; a layer of WIDTH that sees its own state, one of WIDTH behind its last state, 10 classes; stochastic gradient
descent in batches of 100, float32.
"""

import json
import os
import sys
import time

width, steps, samples, epochs = (int(argument) for argument in sys.argv[1:])
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:1]))

import jax  # noqa: E402  (the environment comes first)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

INPUTS, CLASSES, BATCH, RATE = 784, 10, 100, 0.01


def loss(weights, inputs, labels):
    of_inputs, of_state, behind, read_out = weights
    shown = inputs.reshape(BATCH, steps, INPUTS // steps)
    state = jnp.clip(shown[:, 0] @ of_inputs, -1, 1)
    for t in range(1, steps):
        state = jnp.clip(shown[:, t] @ of_inputs + state @ of_state, -1, 1)
    logits = jax.nn.relu(state @ behind) @ read_out
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


@jax.jit
def epoch(weights, inputs, labels):
    """All batches in one compiled loop: no Python between the steps."""

    def step(weights, batch):
        return [w - RATE * g for w, g in zip(weights, jax.grad(loss)(weights, *batch))], None

    shape = (samples // BATCH, BATCH)
    return jax.lax.scan(step, weights, (inputs.reshape(*shape, INPUTS), labels.reshape(shape)))[0]


random = np.random.default_rng(1)
inputs = jnp.asarray(random.standard_normal((samples, INPUTS), dtype=np.float32))
labels = jnp.asarray(random.integers(0, CLASSES, samples, dtype=np.int32))
shapes = [(INPUTS // steps, width), (width, width), (width, width), (width, CLASSES)]
weights = [jnp.asarray(random.standard_normal(shape, dtype=np.float32) / np.sqrt(shape[0])) for shape in shapes]
compiled = epoch.lower(weights, inputs, labels).compile()
for _ in range(epochs):
    start, busy = time.perf_counter(), time.process_time()
    weights = jax.block_until_ready(compiled(weights, inputs, labels))
    times = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy}
    print(json.dumps({**times, "version": jax.__version__}), flush=True)
