"""Where every part is made, once, and handed to the parts that need it."""

from watchparty.app.program import Running, add_account, opened_accounts, serving

__all__ = ["Running", "add_account", "opened_accounts", "serving"]
