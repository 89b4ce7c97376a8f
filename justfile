# Everyday commands. `.ci/test` runs everything, in environments of its own.

venv := ".venv"

# List the recipes
default:
    @just --list

# Format all Rust code
fmt:
    cargo fmt --all

# Format check and all lints, as the tests demand them
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# All tests
test:
    .ci/test

# Rust benchmarks, Scouter beside its peers, and what it promises about time; .venv has the optimised wheel then
bench: wheel
    cargo bench --workspace
    python3 python/benches/compare.py --wheel target/wheels/scouter-*.whl
    {{ venv }}/bin/pip install --quiet --force-reinstall --no-deps target/wheels/scouter-*.whl
    {{ venv }}/bin/python python/benches/promises.py

# A wheel with optimisation, in target/wheels
wheel: _venv
    rm -rf target/wheels
    {{ venv }}/bin/maturin build --profile dist --manifest-path python/Cargo.toml --out target/wheels

# The package as a development build in .venv, with all that the Python tests need
py-dev: _venv
    {{ venv }}/bin/maturin develop --profile dev --manifest-path python/Cargo.toml

# The reference pages that are made from the code, the Rust reference, and a run of every Python block of the documentation
docs: py-dev
    SCOUTER_UPDATE=1 cargo nextest run --workspace -E 'package(scouter-tasks) or (package(scouter-server) & kind(lib))'
    cargo doc --workspace --no-deps
    {{ venv }}/bin/pytest tests/python/test_docs.py

# The image of the server, built, started beside a Postgres and tried; needs docker
image:
    server/deploy/try.sh

# Type stubs of the package, from the compiled module
stubs: py-dev
    {{ venv }}/bin/maturin generate-stubs --profile dev --manifest-path python/Cargo.toml --out python

_venv:
    test -x {{ venv }}/bin/pip || python3 -m venv {{ venv }}
    {{ venv }}/bin/pip install --quiet --requirement tests/requirements.txt
