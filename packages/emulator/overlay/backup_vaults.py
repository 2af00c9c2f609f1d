"""The vault of EFS's automatic backups, whose name has slashes: MiniStack takes them for parts of the path.

Nothing is backed up here, and AWS makes this vault with the first backup: there is none.
"""

import ministack.services.backup as backup

from patching import wrap

VAULT = "aws/efs/automatic-backup-vault"
PATH = f"/backup-vaults/{VAULT}/recovery-points"


def _of_automatic_vault(original):
    async def handle_request(method, path, headers, body, query_params):
        if method == "GET" and path.rstrip("/") == PATH:
            query = {name: values[0] for name, values in query_params.items()}
            return backup._list_recovery_points_by_vault(VAULT, query)
        return await original(method, path, headers, body, query_params)

    return handle_request


def install():
    wrap(backup, "handle_request", _of_automatic_vault)
