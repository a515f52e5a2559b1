"""`/api/v1/users`: accounts of people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.concurrency import run_in_threadpool

from stopship.access.accounts import Accounts
from stopship.access.vocabulary import Role
from stopship.api.guard import GuardedRoute
from stopship.api.pages import page
from stopship.api.schemas.native import Page
from stopship.api.schemas.users import RoleAsked, UserAsked, UserShown
from stopship.api.serving import Asking, Serving, json_response
from stopship.app.access import Access
from stopship.app.access_settings import read_access_settings
from stopship.app.service.server import Server
from stopship.store.users import UserRow

router = APIRouter(prefix="/api/v1/users", route_class=GuardedRoute, tags=["Administration"])

Name = Annotated[str, Path(min_length=1, max_length=64, description="What the person signs in with.")]
ONE: dict[int | str, dict[str, Any]] = {200: {"model": UserShown, "description": "The account as it is then"}}


def _accounts(server: Server) -> Accounts:
    return Access(server.database, read_access_settings(server.home)).accounts


@router.get(
    "",
    summary="Accounts",
    operation_id="users",
    responses={200: {"model": Page[UserShown], "description": "All of them, by name"}},
    response_model=None,
)
async def users(server: Serving) -> Response:
    """Every account, by name, with its role; all on one page."""
    found = await run_in_threadpool(lambda: _accounts(server).all())
    return json_response(page([_shown(row) for row in found], None))


@router.post(
    "",
    summary="Make an account",
    operation_id="createUser",
    status_code=201,
    responses={201: {"model": UserShown, "description": "The account"}},
    response_model=None,
)
async def create(body: UserAsked, server: Serving, asking: Asking) -> Response:
    """Make an account. The person changes the password that you give. It takes no idempotency key: no name can be
    given twice."""

    def work() -> dict[str, Any]:
        made = _accounts(server).create(
            body.name,
            Role(body.role),
            body.password.get_secret_value(),
            actor=asking.actor,
            now=server.now(),
            full_name=body.full_name,
        )
        return _shown(made)

    return json_response(await run_in_threadpool(work), 201)


@router.post(
    "/{name}/role",
    summary="Give another role",
    operation_id="changeRole",
    responses=ONE,
    response_model=None,
)
async def role(name: Name, body: RoleAsked, server: Serving, asking: Asking) -> Response:
    """Give somebody another role. Who is signed in signs in anew; with a lesser role the person's keys are
    revoked."""

    def work() -> dict[str, Any]:
        wanted = Role(body.role)
        return _shown(_accounts(server).change_role(name, wanted, actor=asking.actor, now=server.now()))

    return json_response(await run_in_threadpool(work))


@router.post(
    "/{name}/disable",
    summary="Let nobody in with an account",
    operation_id="disableUser",
    responses=ONE,
    response_model=None,
)
async def disable(name: Name, server: Serving, asking: Asking) -> Response:
    """End all sessions of a person and revoke their keys. What the person did stays theirs."""
    return json_response(
        await run_in_threadpool(
            lambda: _shown(_accounts(server).disable(name, actor=asking.actor, now=server.now()))
        )
    )


@router.post(
    "/{name}/enable",
    summary="Let an account in again",
    operation_id="enableUser",
    responses=ONE,
    response_model=None,
)
async def enable(name: Name, server: Serving, asking: Asking) -> Response:
    """Let an account in again that was disabled. Its keys stay revoked."""
    return json_response(
        await run_in_threadpool(
            lambda: _shown(_accounts(server).enable(name, actor=asking.actor, now=server.now()))
        )
    )


def _shown(row: UserRow) -> dict[str, Any]:
    return {
        "id": f"user:{row.id}",
        "name": row.name,
        "full_name": row.full_name,
        "role": row.role,
        "created": row.created,
        "last_login": row.last_login,
        "disabled": row.disabled,
    }
