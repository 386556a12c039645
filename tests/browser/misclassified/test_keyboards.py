"""Shortcuts on keyboards of other languages and with input methods."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.support.misclassified_page import MisclassifiedPage


def test_shortcuts_work_on_other_keyboards_and_not_in_input_methods(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    indices = misclassified_page.get_indices()
    misclassified_page.open(image=indices[0])
    misclassified_page.expect_image(indices[0])

    def press(key: str, code: str, **state: bool) -> None:
        event = {"key": key, "code": code, "bubbles": True, "cancelable": True, **state}
        page.locator("#detail").dispatch_event("keydown", event)

    press("о", "KeyJ")
    misclassified_page.expect_image(indices[1])
    press("ξ", "KeyJ")
    misclassified_page.expect_image(indices[2])
    press("J", "KeyJ")  # Caps Lock
    misclassified_page.expect_image(indices[3])
    press("ㅏ", "KeyK")
    misclassified_page.expect_image(indices[2])
    press("j", "KeyJ", isComposing=True)
    press("х", "BracketLeft")
    expect(page).to_have_url(re.compile("epoch=2"))
    misclassified_page.expect_image(indices[2])

    press("é", "Digit2")  # AZERTY
    label = page.locator("#annotation").get_by_role("button", name="2", exact=True)
    expect(label).to_have_attribute("aria-pressed", "true")
    press("é", "Digit2")
    page.locator("#annotation").get_by_role("button", name="No label").click()
    expect(label).to_have_attribute("aria-pressed", "false")
