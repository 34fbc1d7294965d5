"""What people do with a browser, whatever the page's language: each step by the page's stable hooks."""

from playwright.sync_api import Page

from example_project.demo.accounts import ACCOUNTS

PASSWORDS = {account.username: account.password for account in ACCOUNTS}


def press(page: Page, action: str) -> None:
    """Press the one button, or follow the one link, of that `data-action`."""
    page.locator(f'[data-action="{action}"]').click()


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in page that is open."""
    page.locator('[name="username"]').fill(username)
    page.locator('[name="password"]').fill(PASSWORDS[username])
    press(page, "sign-in")
