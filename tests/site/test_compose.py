"""docker-compose.yml, the Dockerfile and .env.example against the code: there is no Docker where the tests run."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve
from gunicorn.config import Config

from ssip.settings import ADDRESSES

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "ssip"}
ROLES = {"set-up": "owner", "web": "app", "jobs": "app", "clock": "worker", "beat": "worker"}
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
# What the image sets for all, and what belongs to development
NOT_IN_COMPOSE = {"STATIC_ROOT", "PRIVATE_ROOT", "DEBUG", "DEMO", "STRICT_CONTEXT"}
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def example() -> dict[str, str]:
    """Every variable of .env.example, those that are commented out too."""
    lines = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    return dict(lines)


def filled_in(text: str) -> str:
    """As docker-compose reads a value, with .env.example for .env."""
    values = example()

    def value(found: re.Match) -> str:
        name, kind, default = found.groups()
        if kind == "?":
            assert values.get(name), f"{name} is needed and not in .env.example"
        return values.get(name) or (default if kind == "-" else "")

    return VARIABLE.sub(value, str(text)).replace("$$", "$")


def settings_variables() -> set[str]:
    """The names that ssip/settings.py asks the environment for."""
    found = set(ADDRESSES.values())
    for node in ast.walk(ast.parse((ROOT / "ssip" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[0] == "env" and node.args:
            name = node.args[0]
            found |= {name.value} if isinstance(name, ast.Constant) else set()
    return found


def command(name: str) -> list[str]:
    image_command = json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])
    return [filled_in(word) for word in SERVICES[name].get("command", image_command)]


def loaded_settings(service: dict) -> dict:
    """What the settings make of the variables of one service, in a process that has nothing else."""
    code = (
        "import json; from ssip import settings as s; print(json.dumps({'database': s.DATABASES['default'],"
        "'redis': s.REDIS_URL, 'way_out': s.WAY_OUT, 'hosts': s.ALLOWED_HOSTS, 'secure': s.SESSION_COOKIE_SECURE,"
        "'demo': s.DEMO, 'debug': s.DEBUG}, default=str))"
    )
    environment = {name: filled_in(value) for name, value in service["environment"].items()}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": os.environ["PATH"], **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def option_parser(program: click.Command) -> click.parser._OptionParser:
    return program.make_parser(click.Context(program))


def test_a_deployment_has_a_service_for_each_part():
    assert set(SERVICES) == {*ROLES, "postgres", "redis", "mail"}
    assert set(OURS) == set(ROLES)
    assert SERVICES["mail"]["profiles"] == ["mail"]
    assert {name for name, service in SERVICES.items() if "profiles" in service} == {"mail"}


@pytest.mark.parametrize("name", sorted(ROLES))
def test_each_process_is_its_own_database_role_and_knows_no_other_password(name):
    found = loaded_settings(OURS[name])
    assert found["database"]["USER"] == f"ssip_{ROLES[name]}"
    assert found["database"]["HOST"] == "postgres"
    assert found["database"]["NAME"] == "ssip"
    assert found["database"]["PASSWORD"]
    for role, variable in ADDRESSES.items():
        has_password = "PASSWORD" in str(OURS[name]["environment"][variable])
        assert has_password == (role == ROLES[name]), variable


def test_the_settings_are_those_of_a_real_site():
    found = loaded_settings(OURS["web"])
    assert found["redis"].endswith("@redis:6379/0")
    assert found["secure"] is True
    assert (found["demo"], found["debug"]) == (False, False)
    assert found["hosts"] == ["127.0.0.1", "ssip.example.org"]
    assert found["way_out"]["EMAIL_HOST"] == "smtp.example.org"


@pytest.mark.parametrize("name", sorted(ROLES))
def test_each_variable_of_a_service_is_read_by_the_settings_and_none_is_forgotten(name):
    assert set(OURS[name]["environment"]) == settings_variables() - NOT_IN_COMPOSE


def test_each_variable_of_the_example_is_read_by_somebody_and_none_is_left_out():
    read_by_compose = {found[0] for found in VARIABLE.findall((ROOT / "docker-compose.yml").read_text())}
    assert set(example()) == settings_variables() | read_by_compose


def test_the_image_sets_the_rest():
    assert set(re.findall(r"(\w+_ROOT)=", DOCKERFILE)) == {"STATIC_ROOT", "PRIVATE_ROOT"}
    private = re.search(r"PRIVATE_ROOT=(\S+)", DOCKERFILE)[1]
    for service in OURS.values():
        assert service["volumes"] == [f"private:{private}"]


def test_the_web_process_starts_our_application_with_options_that_gunicorn_has():
    program, *words = command("web")
    assert program == "gunicorn"
    given = Config().parser().parse_args(words)
    assert given.bind == ["0.0.0.0:8000"]
    assert given.worker_tmp_dir == "/dev/shm"
    assert "--no-control-socket" in words
    assert f"{given.args[0]}.application" == settings.WSGI_APPLICATION


@pytest.mark.parametrize(("name", "queue"), [("clock", "clock"), ("jobs", "jobs")])
def test_each_worker_takes_its_queue_and_its_health_check_asks_that_worker(name, queue):
    from celery.bin.control import inspect
    from celery.bin.worker import worker

    program, *words = command(name)
    assert (program, words[:3]) == ("celery", ["-A", "ssip.celery", "worker"])
    given = option_parser(worker).parse_args(words[3:])[0]
    assert given["queues"] == queue
    kind, check = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    words = check.replace("$$HOSTNAME", "%h").split()
    assert words[:4] == ["celery", "-A", "ssip.celery", "inspect"]
    asked = option_parser(inspect).parse_args(words[4:])[0]
    assert (asked["command"], asked["destination"]) == ("ping", given["hostname"])


def test_every_queue_of_the_schedule_has_a_worker():
    from ssip.celery import app

    assert app.conf.beat_schedule
    taken = {command(name)[command(name).index("-Q") + 1] for name in ("clock", "jobs")}
    assert {entry["options"]["queue"] for entry in app.conf.beat_schedule.values()} <= taken


def test_beat_writes_where_its_health_check_looks():
    from celery.bin.beat import beat

    program, *words = command("beat")
    assert (program, words[:3]) == ("celery", ["-A", "ssip.celery", "beat"])
    schedule = Path(option_parser(beat).parse_args(words[3:])[0]["schedule"])
    check = SERVICES["beat"]["healthcheck"]["test"][1]
    assert f"find {schedule.parent} " in check
    assert f"-name '{schedule.name}*'" in check
    assert str(schedule.parent) in OURS["beat"]["tmpfs"]


def test_set_up_runs_commands_that_exist_in_the_order_that_works():
    shell, flags, script = command("set-up")
    assert (shell, flags) == ("sh", "-ec")
    names = re.findall(r"manage\.py (\w+)", script)
    assert names == ["migrate", "sync_roles", "load_reference"]
    assert set(names) <= set(get_commands())


def test_the_health_check_asks_an_address_that_exists_on_the_port_of_the_web():
    kind, program, flag, code = SERVICES["web"]["healthcheck"]["test"]
    assert (kind, program, flag) == ("CMD", "python", "-c")
    compile(code, "healthcheck", "exec")
    host, path = re.search(r"http://([\d.]+):8000(/\w+)", code).groups()
    assert resolve(path)
    assert resolve("/ready")
    assert host in loaded_settings(OURS["web"])["hosts"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${WEB_PORTS:-8000}:8000"]
    exempt = [re.compile(pattern) for pattern in settings.SECURE_REDIRECT_EXEMPT]
    for plain in (path, "/ready"):
        assert any(pattern.search(plain.lstrip("/")) for pattern in exempt)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"set-up"}))
def test_every_lasting_service_is_checked(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)


def test_each_process_waits_for_what_it_needs():
    assert SERVICES["set-up"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in set(OURS) - {"set-up"}:
        needs = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert needs == {"set-up": "service_completed_successfully", "redis": "service_healthy"}


def test_our_processes_are_nobody_and_write_nowhere_but_where_they_must():
    user = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)[-1]
    for service in OURS.values():
        assert service["user"] == user
        assert not user.startswith("0")
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
        assert service["tmpfs"] == ["/tmp"]


def test_only_the_web_and_the_mail_catcher_are_reached_and_from_this_machine_alone():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"web", "mail"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_the_database_makes_the_three_roles_of_the_code_with_the_passwords_of_the_services():
    script = next(volume for volume in SERVICES["postgres"]["volumes"] if "initdb.d" in volume)
    source, target, mode = script.split(":")
    assert (Path(target).suffix, mode) == (".sql", "ro")
    text = (ROOT / source).read_text()
    wanted = {f"ssip_{role}" for role in ADDRESSES}
    assert set(re.findall(r"^ALTER ROLE (\w+)", text, re.MULTILINE)) == wanted
    assert set(re.search(r"ARRAY\[([^]]*)\]", text)[1].replace("'", "").split(", ")) == wanted
    for line in re.findall(r"^ALTER ROLE .*$", text, re.MULTILINE):
        assert "NOSUPERUSER" in line
        assert "NOBYPASSRLS" in line
    passwords = set(re.findall(r"^\\getenv \w+ (\w+)$", text, re.MULTILINE))
    assert passwords == {f"{role.upper()}_PASSWORD" for role in ADDRESSES}
    assert passwords <= set(SERVICES["postgres"]["environment"])
    assert "POSTGRES_USER" not in SERVICES["postgres"]["environment"]


def test_the_health_check_of_the_database_waits_for_the_database_that_the_script_makes():
    words = SERVICES["postgres"]["healthcheck"]["test"]
    assert words[1] == "pg_isready"
    assert words[words.index("-d") + 1] == "ssip"
    assert words[words.index("-h") + 1] == "127.0.0.1"


def test_the_broker_keeps_what_it_was_given_and_asks_for_a_password():
    words = SERVICES["redis"]["command"]
    assert words[:3] == ["redis-server", "--appendonly", "yes"]
    assert words[words.index("--requirepass") + 1] == SERVICES["redis"]["environment"]["REDISCLI_AUTH"]
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_every_volume_is_declared_and_used():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_the_files_that_the_image_copies_exist_and_its_static_files_can_be_collected():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for words in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for source in words.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source not in ignored, source
    step = next(line for line in re.findall(r"^RUN (.*)$", DOCKERFILE, re.MULTILINE) if "collectstatic" in line)
    given = dict(re.findall(r"([A-Z_]+)=(\S+)", step.partition(" python ")[0]))
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--dry-run", "--verbosity", "0"], cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_secrets_and_local_data_stay_out_of_the_image():
    ignored = set((ROOT / ".dockerignore").read_text().splitlines())
    assert {".env", "var", ".git", ".venv"} <= ignored
