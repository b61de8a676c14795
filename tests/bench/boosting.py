"""Fits scikit-learn's HistGradientBoostingClassifier to a matrix that boosting.ts wrote; answers with one line of JSON."""

import json
import resource
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss

task = json.load(open(sys.argv[1]))
rows, fitted, columns = task["rows"], task["fitted"], task["columns"]
raw = np.fromfile(task["matrix"], dtype="<f4", count=rows * len(columns))
# A copy by rows, so that neither side works on a view; unlisted categories are missing, as scikit-learn has them.
x = np.ascontiguousarray(raw.reshape(len(columns), rows).T)
y = np.fromfile(task["labels"], dtype=np.uint8)
categories = [column["values"] is not None for column in columns]
for c, column in enumerate(columns):
    if categories[c]:
        x[x[:, c] < 0, c] = np.nan
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
model = HistGradientBoostingClassifier(
    max_iter=task["rounds"],
    learning_rate=task["learningRate"],
    max_leaf_nodes=task["leaves"],
    min_samples_leaf=task["leafRows"],
    l2_regularization=0,
    categorical_features=categories,
    early_stopping=False,
    random_state=0,
)
start, processor = time.perf_counter(), time.process_time()
model.fit(x[:fitted], y[:fitted])
seconds, processor = time.perf_counter() - start, time.process_time() - processor
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
loss = log_loss(y[fitted:], model.predict_proba(x[fitted:])[:, 1])
print(
    json.dumps(
        {
            "what": f"scikit-learn {sklearn.__version__} HistGradientBoosting",
            "seconds": seconds,
            "processorSeconds": processor,
            "megabytes": (after - before) / 1024,
            "loss": loss,
        }
    )
)
