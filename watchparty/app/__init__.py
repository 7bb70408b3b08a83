"""Where every part is made, once, and handed to the parts that need it."""

from watchparty.app.program import Running, add_account, opened_accounts, serving
from watchparty.services.addresses import local_url

__all__ = ["Running", "add_account", "local_url", "opened_accounts", "serving"]
