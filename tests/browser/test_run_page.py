"""The page of one run: what it shows is what the server has."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route, WebSocket, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import column, expect_epochs, lines
from tests.conftest import StartServer
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'


def test_a_finished_run_is_all_there(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> None:
    run_id = finished_run["id"]
    epochs = shared_server.get(f"/api/runs/{run_id}/epochs")["items"]
    matrix = shared_server.get(f"/api/runs/{run_id}/confusion_matrix")["matrix"]
    page.goto(f"{shared_server.base_url}/runs/{run_id}")

    expect(page.locator("h1")).to_have_text("Finished")
    expect_epochs(page, "Cost", len(epochs))
    assert lines(page, "Cost")["Validation"] == column(epochs, "validation_cost")
    cells = page.locator(".matrix-cell")
    expect(cells).to_have_count(100)
    shown = [int(text.replace("·", "0")) for text in cells.all_inner_texts()]
    assert shown == [count for row in matrix for count in row]

    weights = page.locator("#weights img")
    expect(weights).to_be_visible()
    assert weights.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 8
    expect(page.locator("#hyperparameters")).to_contain_text("0.05")


def test_downloads_download(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> None:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    for name in ("epochs.csv", "hyperparameters.json", "best checkpoint", "last checkpoint"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.path().stat().st_size > 100


def test_a_matrix_cell_leads_to_its_images(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    wrong = shared_server.get(f"/api/runs/{finished_run['id']}/misclassified?limit=1")["items"][0]
    row, column_ = wrong["true_label"] + 1, wrong["predicted_label"] + 1
    page.locator(f'.matrix-cell[data-row="{row}"][data-column="{column_}"]').click()
    expect(page.locator("h1")).to_have_text("Misclassified images")
    expect(page.locator('select[name="true"]')).to_have_value(str(wrong["true_label"]))
    expect(page.locator('select[name="predicted"]')).to_have_value(str(wrong["predicted_label"]))


def test_a_run_can_be_renamed_and_deleted(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.wait_for_run(shared_server.create_run(name="Before", epochs=1)["id"])
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    page.get_by_role("button", name="Edit…").click()
    page.get_by_label("Name").fill("After")
    page.get_by_label("Notes").fill("<b>kept</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("After")
    expect(page.locator("#notes")).to_have_text("<b>kept</b>")
    assert shared_server.get(f"/api/runs/{run['id']}")["notes"] == "<b>kept</b>"

    page.get_by_role("button", name="Edit…").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(f"{shared_server.base_url}/runs")
    assert shared_server.request("GET", f"/api/runs/{run['id']}")[0] == 404


def test_a_diverged_run_says_so_and_the_page_stays_connected(page: Page, shared_server: ServerProcess) -> None:
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

    # The same connection tells of the next run, which one click on the remedy and one on the start give.
    page.get_by_role("button", name="Lower the learning rate").click()
    expect(page.locator("#field-learning_rate")).to_have_value("0.1")  # a tenth of a million would diverge again
    page.locator("#field-epochs").fill("2")
    page.locator("#start").click()
    expect(page.locator(STATUS)).to_have_text("finished")
    assert (len(sockets), len(closed)) == (1, 0)


def test_a_run_that_is_not_there_is_a_page_that_says_so(
    page: Page, shared_server: ServerProcess, faults: Faults
) -> None:
    faults.allow("404")
    response = page.goto(f"{shared_server.base_url}/runs/999999")
    assert response is not None
    assert response.status == 404
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Runs").first).to_be_visible()


def test_the_page_survives_a_server_that_was_killed(page: Page, start_server: StartServer, faults: Faults) -> None:
    faults.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH|WebSocket")
    server = start_server()
    run_id = server.create_run(epochs=10_000, hidden_sizes=[200, 200], learning_rate=0.0001)["id"]
    page.goto(f"{server.base_url}/runs/{run_id}")
    wait_until(lambda: server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 3, what="three epochs")
    server.process.kill()
    server.process.wait()
    expect(page.locator("#connection")).to_be_visible()

    port = server.base_url.rpartition(":")[2]
    again = start_server("--port", port, data_dir=server.data_dir)
    expect(page.locator(STATUS)).to_have_text("interrupted")
    expect(page.locator("#connection")).to_be_hidden()
    epochs = again.get(f"/api/runs/{run_id}/epochs")["items"]
    assert len(epochs) >= 3
    expect_epochs(page, "Cost", len(epochs))
    assert lines(page, "Cost")["Test"] == column(epochs, "test_cost")


def test_a_server_killed_during_the_first_request_for_epochs_is_followed_once_it_is_back(
    page: Page, start_server: StartServer, faults: Faults
) -> None:
    faults.allow("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket")
    server = start_server()
    run_id = server.create_run(epochs=10_000, hidden_sizes=[200, 200], learning_rate=0.0001)["id"]
    wait_until(lambda: server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 1, what="an epoch")

    def kill(route: Route) -> None:
        server.process.kill()
        server.process.wait()
        route.continue_()

    page.route(f"**/api/runs/{run_id}/epochs?*", kill, times=1)
    page.goto(f"{server.base_url}/runs/{run_id}")
    expect(page.locator("#connection")).to_be_visible()
    again = start_server("--port", server.base_url.rpartition(":")[2], data_dir=server.data_dir)
    expect(page.locator(STATUS)).to_have_text("interrupted")
    expect_epochs(page, "Cost", len(again.get(f"/api/runs/{run_id}/epochs")["items"]))
    expect(page.locator(".page-failure")).to_have_count(0)
