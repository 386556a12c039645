"""Identity of the server: a page of one database never uses the runs of another."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.support.app_client import RunClient, error_of
from tests.support.run_engine import make_config
from tests.support.server_process import ServerProcess
from tests.support.socket_client import SocketClient
from webapp.app import create_app
from webapp.storage.run_store import RunStore


def test_each_database_has_an_identity_that_it_keeps(tmp_path: Path) -> None:
    identities = []
    for name in ("one.db", "two.db", "one.db"):
        store = RunStore(f"sqlite:///{tmp_path / name}")
        identities.append(store.identity())
        store.close()
    one, two, again = identities
    assert re.fullmatch("[0-9a-f]{32}", one)
    assert one == again != two


def test_every_page_and_response_names_the_database(trained: RunClient) -> None:
    store_id = trained.services.store_id
    for path in ("/", "/runs", "/runs/1", "/runs/1/misclassified", "/datasets/digits", "/glossary", "/nothing"):
        assert f'data-store="{store_id}"' in trained.client.get(path).text
    for path in ("/api/runs", "/api/runs/1/epochs", "/api/runs/99"):
        assert trained.client.get(path).headers["Misfit-Store"] == store_id


def test_a_request_about_another_database_changes_nothing(trained_copy: RunClient) -> None:
    other = {"Misfit-Store": "0" * 32}
    for method, path in [("GET", ""), ("GET", "/epochs"), ("PATCH", ""), ("DELETE", "")]:
        response = trained_copy.client.open(trained_copy.path + path, method=method, json={"name": "x"}, headers=other)
        error = error_of(response, 412)
        assert error["code"] == "other_server"
        assert "another Misfit server" in error["message"]
    own = {"Misfit-Store": trained_copy.services.store_id}
    assert trained_copy.client.get(trained_copy.path, headers=own).get_json()["name"] == "A finished run"


def test_a_socket_of_a_page_of_another_database_is_refused(long_run: ServerProcess) -> None:
    with SocketClient(long_run.base_url, auth={"store": "0" * 32}, response="44") as refused:
        error = json.loads(refused.first.removeprefix("44"))
    assert error["data"]["code"] == "other_server"
    assert "another Misfit server" in error["message"]
    store_id = re.search('data-store="([0-9a-f]+)"', long_run.request_text("/"))
    assert store_id
    for auth in ({"store": store_id[1]}, {}, {"token": 1}):
        with SocketClient(long_run.base_url, auth=auth) as client:
            client.emit("subscribe_runs", {})
            assert client.receive() == ("ack", {"ok": True})


def test_a_new_start_of_the_same_database_has_the_same_identity(trained_copy: RunClient) -> None:
    store_id = trained_copy.services.store_id
    trained_copy.app.close()
    again = create_app(trained_copy.config)
    assert again.flask_app.test_client().get("/api/runs").headers["Misfit-Store"] == store_id
    again.close()


def test_a_new_folder_has_another_identity(trained: RunClient, tmp_path: Path) -> None:
    config = make_config(tmp_path / "new")
    (config.data_dir / "misfit.db").unlink()
    app = create_app(config)
    assert app.flask_app.test_client().get("/api/runs").headers["Misfit-Store"] != trained.services.store_id
    app.close()
