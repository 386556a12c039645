"""Run page: metrics, downloads, renaming, divergence, and a server that was killed."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import column, expect_epochs, y_values
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.conftest import StartServer
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'
LOST_SERVER = (  # faults of a page whose server is killed, depending on the request that is in progress
    "ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE_CHUNKED_ENCODING"
    "|WebSocket"
)


def test_finished_run_shows_its_stored_results(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    run_id = finished_run["id"]
    epochs = shared_server.get(f"/api/runs/{run_id}/epochs")["items"]
    matrix = shared_server.get(f"/api/runs/{run_id}/confusion_matrix")["matrix"]
    page.goto(f"{shared_server.base_url}/runs/{run_id}")

    expect(page.locator("h1")).to_have_text("Finished")
    expect_epochs(page, "Cost", len(epochs))
    assert y_values(page, "Cost")["Validation"] == column(epochs, "validation_cost")
    cells = page.locator(".matrix-cell")
    expect(cells).to_have_count(100)
    shown = [int(text.replace("·", "0")) for text in cells.all_inner_texts()]
    assert shown == [count for row in matrix for count in row]

    weights = page.locator("#weights img")
    expect(weights).to_be_visible()
    assert weights.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 8
    expect(page.locator("#hyperparameters")).to_contain_text("0.05")


def test_files_of_a_run_can_be_downloaded(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    for name in ("epochs.csv", "hyperparameters.json", "best checkpoint", "last checkpoint"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.path().stat().st_size > 100


def test_matrix_cell_opens_its_images(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> None:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    item = shared_server.get(f"/api/runs/{finished_run['id']}/misclassified?limit=1")["items"][0]
    row, column_ = item["true_label"] + 1, item["predicted_label"] + 1
    page.locator(f'.matrix-cell[data-row="{row}"][data-column="{column_}"]').click()
    expect(page.locator("h1")).to_have_text("Misclassified images")
    expect(page.locator('select[name="true"]')).to_have_value(str(item["true_label"]))
    expect(page.locator('select[name="predicted"]')).to_have_value(str(item["predicted_label"]))


def test_run_can_be_renamed_and_deleted(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.wait_for_run(shared_server.create_run(name="Before", epochs=1)["id"])
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    page.get_by_role("button", name="Edit…").click()
    page.get_by_label("Name").fill("After")
    page.get_by_label("Notes").fill("<b>note</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("After")
    expect(page.locator("#notes")).to_have_text("<b>note</b>")
    assert shared_server.get(f"/api/runs/{run['id']}")["notes"] == "<b>note</b>"
    with page.expect_download() as download:
        page.get_by_role("link", name="hyperparameters.json").click()
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["name"] == "After"

    page.get_by_role("button", name="Edit…").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(f"{shared_server.base_url}/runs")
    assert shared_server.request("GET", f"/api/runs/{run['id']}")[0] == 404


def test_unreadable_predictions_are_reported(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any], interceptor: Interceptor, faults: Faults
) -> None:
    faults.allow("503|confusion_matrix")
    error = {"error": {"code": "unreadable", "message": "The predictions cannot be read."}}
    interceptor.pass_first(
        "*/api/runs/*/confusion_matrix*", [lambda request: request.respond(json.dumps(error), status=503)]
    )
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    problem = page.locator("#results-problem")
    expect(problem).to_contain_text("The predictions cannot be read.")
    problem.get_by_role("button", name="Try again").click()
    expect(page.locator(".matrix-cell").first).to_be_visible()
    expect(problem).to_be_hidden()


def test_divergence_is_reported_and_the_page_stays_connected(page: Page, shared_server: ServerProcess) -> None:
    sockets: list[WebSocket] = []
    closed: list[WebSocket] = []

    def on_websocket(socket: WebSocket) -> None:
        sockets.append(socket)
        socket.on("close", lambda _: closed.append(socket))

    page.on("websocket", on_websocket)
    query = "preset=none&optimizer=sgd&learning_rate=1000000&epochs=20"
    page.goto(f"{shared_server.base_url}/?{query}")
    page.locator("#start").click()

    expect(page.locator(STATUS)).to_have_text("diverged")
    expect(page.locator("#outcome")).to_contain_text("The run diverged")
    run_id = int(page.url.partition("run=")[2].partition("&")[0])
    run = shared_server.get(f"/api/runs/{run_id}")
    assert run["stop_reason"] == "diverged"
    assert run["epochs_completed"] >= 1
    expect_epochs(page, "Cost", run["epochs_completed"])

    # Apply the first remedy, which starts a run. The page uses the same socket for this run.
    remedy = page.locator("#outcome").get_by_role("button", name="Lower the learning rate").first
    rate = remedy.inner_text().rpartition(" ")[2]
    remedy.click()
    expect(page.locator("#field-learning_rate")).to_have_value(rate)
    expect(page.locator(STATUS)).to_have_text("finished")
    assert (len(sockets), len(closed)) == (1, 0)


def test_unknown_run_shows_the_not_found_page(page: Page, shared_server: ServerProcess, faults: Faults) -> None:
    faults.allow("404")
    response = page.goto(f"{shared_server.base_url}/runs/999999")
    assert response is not None
    assert response.status == 404
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Runs").first).to_be_visible()


def test_page_reconnects_to_a_server_that_was_killed(page: Page, start_server: StartServer, faults: Faults) -> None:
    faults.allow(LOST_SERVER)
    server = start_server()
    run_id = server.create_run(epochs=10_000, hidden_sizes=[200, 200], learning_rate=0.0001)["id"]
    page.goto(f"{server.base_url}/runs/{run_id}")
    expect(page.locator("#status-strip")).to_contain_text("of 10,000")  # the page has loaded all that it needs
    wait_until(lambda: server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 3, what="three epochs")
    server.process.kill()
    server.process.wait()
    expect(page.locator("#connection")).to_be_visible()

    port = server.base_url.rpartition(":")[2]
    restarted = start_server("--port", port, data_dir=server.data_dir)
    expect(page.locator(STATUS)).to_have_text("interrupted")
    expect(page.locator("#connection")).to_be_hidden()
    epochs = restarted.get(f"/api/runs/{run_id}/epochs")["items"]
    assert len(epochs) >= 3
    expect_epochs(page, "Cost", len(epochs))
    assert y_values(page, "Cost")["Test"] == column(epochs, "test_cost")


def test_page_loads_the_epochs_after_the_server_was_killed_during_their_first_request(
    page: Page, start_server: StartServer, faults: Faults, interceptor: Interceptor
) -> None:
    faults.allow(LOST_SERVER)
    server = start_server()
    run_id = server.create_run(epochs=10_000, hidden_sizes=[200, 200], learning_rate=0.0001)["id"]
    wait_until(lambda: server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 1, what="an epoch")

    def kill(request: PausedRequest) -> None:
        server.process.kill()
        server.process.wait()
        request.proceed()

    interceptor.pass_all(f"*/api/runs/{run_id}/epochs?*", kill)
    page.goto(f"{server.base_url}/runs/{run_id}")
    expect(page.locator("#connection")).to_be_visible()
    restarted = start_server("--port", server.base_url.rpartition(":")[2], data_dir=server.data_dir)
    expect(page.locator(STATUS)).to_have_text("interrupted")
    expect_epochs(page, "Cost", len(restarted.get(f"/api/runs/{run_id}/epochs")["items"]))
    expect(page.locator(".page-failure")).to_have_count(0)
