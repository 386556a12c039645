"""The first requests of the page of misclassified images.

The template of the page preloads their responses, so that the requests do not wait for the scripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from pydantic import ValidationError

from webapp.storage.run_record import RunRecord
from webapp.web.request_parsing import FilterPageQuery, FilterQuery

PAGE_SIZE = 48  # images on a page of the list


class PageState(FilterPageQuery):
    """The query parameters of the page that affect its first requests."""

    image: int | None = None


def first_requests(run: RunRecord, query: Mapping[str, str]) -> list[str]:
    """Return the URLs that the scripts request first if the page has the query parameters `query`.

    They must equal, character for character, the URLs that static/js/misclassified/view_state.js creates.
    """
    urls = ["/api/datasets", f"/api/runs/{run.id}/epochs"]
    try:
        known = {name: value for name, value in query.items() if name in PageState.model_fields}
        state = PageState.model_validate(known)
    except ValidationError:
        return urls
    n_classes = run.dataset_spec.n_classes
    epoch = min(state.epoch or run.epochs_completed, run.epochs_completed)
    if epoch == 0 or any(label is not None and label >= n_classes for label in (state.true, state.predicted)):
        return urls
    given = state.model_dump(mode="json", exclude_defaults=True)
    filters = [name for name in (*FilterQuery.model_fields, "offset") if name in given and name != "epoch"]
    parameters = {"epoch": epoch, "limit": PAGE_SIZE} | {name: _query_value(given[name]) for name in filters}
    paths = [f"misclassified?{urlencode(parameters)}", f"confusion_matrix?epoch={epoch}"]
    if state.image is not None:
        paths += [f"predictions/{state.image}?epoch={epoch}"]
    return [f"/api/runs/{run.id}/{path}" for path in paths] + urls


def _query_value(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
