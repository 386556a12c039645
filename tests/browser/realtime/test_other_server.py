"""A page that is open while another server, with another data folder, starts at the same address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import chart, expect_epochs
from tests.conftest import StartServer
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

LOST_SERVER = "ERR_|412|WebSocket|dynamically imported module"
MESSAGE = "belongs to another Misfit server"


def new_server(start_server: StartServer, old: ServerProcess) -> ServerProcess:
    """Kill a server, and start one with an empty data folder at its address."""
    old.process.kill()
    old.process.wait()
    folder = old.data_dir.with_name("new-data")
    folder.mkdir()
    (folder / "misfit.db").touch()  # an empty file, so that the database is not a copy of the old server's
    return start_server("--port", old.base_url.rpartition(":")[2], data_dir=folder)


@pytest.mark.parametrize("path", ["/runs/1", "/runs/1/misclassified"])
def test_a_page_says_that_its_server_was_replaced_and_shows_no_run_of_the_new_one(
    page: Page, start_server: StartServer, faults: Faults, path: str
) -> None:
    faults.allow(LOST_SERVER)
    server = start_server()
    server.create_run(name="Old", epochs=3)
    server.wait_for_run(1, "finished")
    with page.expect_websocket():  # the page loads the script of its connection last
        page.goto(server.base_url + path)
    if "misclassified" in path:
        expect(page.locator("#tiles .tile").first).to_be_visible()
    else:
        expect_epochs(page, "Cost", 3)
    replacement = new_server(start_server, server)
    replacement.create_run(name="New", epochs=20)
    expect(page.locator("#other-server")).to_contain_text(MESSAGE)
    replacement.wait_for_run(1, "finished")
    expect(page.get_by_text("New", exact=True)).to_have_count(0)
    if "misclassified" not in path:
        assert chart(page, "Cost").get_attribute("data-epochs") == "3"
    page.locator("#other-server").get_by_role("button", name="Reload").click()
    expect(page.locator("#other-server")).to_have_count(0)
    expect(page.get_by_text("New", exact=True).filter(visible=True).first).to_be_visible()


def test_a_request_to_the_new_server_is_rejected(page: Page, start_server: StartServer, faults: Faults) -> None:
    faults.allow(LOST_SERVER)
    server = start_server()
    page.goto(f"{server.base_url}/")
    expect(page.locator("#start")).to_be_enabled()
    replacement = new_server(start_server, server)
    page.locator("#start").click()
    expect(page.locator("#other-server")).to_contain_text(MESSAGE)
    assert replacement.get("/api/runs")["total"] == 0


def test_a_new_start_with_the_same_data_needs_no_message(page: Page, start_server: StartServer, faults: Faults) -> None:
    faults.allow(LOST_SERVER)
    server = start_server()
    server.create_run(epochs=2)
    server.wait_for_run(1, "finished")
    page.goto(f"{server.base_url}/runs/1")
    expect_epochs(page, "Cost", 2)
    server.process.kill()
    server.process.wait()
    expect(page.locator("#connection")).to_be_visible()
    restarted = start_server("--port", server.base_url.rpartition(":")[2], data_dir=server.data_dir)
    expect(page.locator("#connection")).to_be_hidden()
    restarted.request("PATCH", "/api/runs/1", {"name": "Renamed"})
    wait_until(lambda: page.locator("h1").inner_text() == "Renamed", what="the new name")
    expect(page.locator("#other-server")).to_have_count(0)
