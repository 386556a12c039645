"""Pages behind a proxy that replaces the `Host` header, and pages inside a frame."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.host_changing_proxy import HostChangingProxy
from tests.support.server_process import ServerProcess


@pytest.mark.parametrize("path", ["/", "/runs", "/datasets/digits"])
def test_the_page_names_both_hosts_and_the_line_for_the_proxy(
    page: Page, faults: Faults, shared_server: ServerProcess, path: str
) -> None:
    faults.allow("403")
    with HostChangingProxy(shared_server.base_url) as proxy:
        page.goto(proxy.base_url + path)
        notice = page.get_by_role("alert").filter(has_text="a proxy changes its address")
        expect(notice).to_be_visible()
        expect(notice).to_contain_text(f"Your browser opened {urlsplit(proxy.base_url).netloc} ")
        expect(notice).to_contain_text(f"The proxy sent {proxy.target} to Misfit")
        expect(notice.get_by_text("proxy_set_header Host $http_host;", exact=True)).to_be_visible()
        page.goto("about:blank")


def test_a_page_without_a_proxy_shows_no_notice(page: Page, shared_server: ServerProcess) -> None:
    page.goto(shared_server.base_url)
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    expect(page.locator("#changed-host")).to_be_hidden()


def test_a_frame_explains_itself_and_offers_a_tab(page: Page, faults: Faults, shared_server: ServerProcess) -> None:
    faults.allow("403")
    with HostChangingProxy(shared_server.base_url) as proxy:
        page.goto(f"{proxy.base_url}/frame")
        frame = page.frame_locator("iframe")
        expect(frame.get_by_text("Misfit does not run inside another page")).to_be_visible()
        with page.expect_popup() as popup:
            frame.get_by_role("link", name="Open Misfit in a tab of its own").click()
        expect(popup.value.get_by_role("button", name="Start training")).to_be_enabled()
        page.goto("about:blank")
