"""Trains from a CSV file as `learn train --split none` does, with pandas and scikit-learn; answers with one line of JSON.

Five folds that are scored and a model of all rows, each a fit that watches a tenth to find the number of trees and then
one of all its rows with that number (boosting), or a fit to the optimum (logistic). No calibration, thresholds, figures
with intervals, graph or snapshot.
"""

import json
import resource
import sys
import time

start, processor = time.perf_counter(), time.process_time()

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

task = json.load(open(sys.argv[1]))
raw = pd.read_csv(task["csv"], dtype={c["name"]: "string" for c in task["columns"] if c["kind"] in ("boolean", "category")})
data = {}
for column in task["columns"]:
    name, kind = column["name"], column["kind"]
    if kind == "boolean":
        data[name] = raw[name].map({"yes": 1.0, "no": 0.0}).astype("float32")
    elif kind == "category":
        codes = pd.Categorical(raw[name], categories=column["values"]).codes.astype("float32")
        data[name] = np.where(codes < 0, np.nan, codes)
    elif kind == "money":
        per_unit = raw[name + "_currency"].map(task["minorPerReference"]) / 100
        data[name] = np.log1p(raw[name] / per_unit).astype("float32")
    else:
        data[name] = raw[name].astype("float32")
x = np.column_stack(list(data.values())).astype("float32")
y = raw["y"].to_numpy()
kinds = [c["kind"] for c in task["columns"]]
where = lambda *wanted: [i for i, kind in enumerate(kinds) if kind in wanted]


def trees(rounds, early):
    return HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.1,
        max_leaf_nodes=None,
        max_depth=6,
        min_samples_leaf=1,
        l2_regularization=1,
        categorical_features=where("category"),
        early_stopping=early,
        n_iter_no_change=20,
        tol=0,
        validation_fraction=0.1 if early else None,
        random_state=1,
    )


def fit(x, y):
    if task["trainer"] == "boosting":
        return trees(trees(200, True).fit(x, y).n_iter_, False).fit(x, y)
    design = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), where("number", "money")),
            ("flags", SimpleImputer(strategy="constant", fill_value=0, add_indicator=True), where("boolean")),
            ("levels", OneHotEncoder(handle_unknown="ignore", sparse_output=False), where("category")),
        ]
    )
    return make_pipeline(design, LogisticRegression(C=1, solver="newton-cholesky", tol=1e-6, max_iter=100)).fit(x, y)


scores = np.empty(len(y))
for rest, held in KFold(5, shuffle=True, random_state=1).split(x):
    scores[held] = fit(x[rest], y[rest]).predict_proba(x[held])[:, 1]
fit(x, y)
print(
    json.dumps(
        {
            "what": f"pandas {pd.__version__}, scikit-learn {sklearn.__version__}",
            "seconds": time.perf_counter() - start,
            "processorSeconds": time.process_time() - processor,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "loss": log_loss(y, scores),
        }
    )
)
