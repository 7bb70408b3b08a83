# Everything here delegates; see CONTRIBUTING.md. ARGS go to what is run: make run ARGS="--port 9000 --data DIR"
.PHONY: run test lint bench build soak help

run: ;   @sh packaging/setup.sh run && exec .venv/bin/watchparty serve $(ARGS)
test: ;  @sh packaging/setup.sh test && exec .venv/bin/python packaging/check.py test $(ARGS)
lint: ;  @sh packaging/setup.sh dev && exec .venv/bin/python packaging/check.py lint
bench: ; @sh packaging/setup.sh test && exec .venv/bin/python -m tests.bench $(ARGS)
build: ; @sh packaging/setup.sh build && .venv/bin/python -m PyInstaller --noconfirm --log-level WARN build.spec && exec .venv/bin/python packaging/smoke.py
soak: ;  @sh packaging/setup.sh test && exec .venv/bin/python packaging/check.py soak $(ARGS)
help: ;  @echo "make run    start the server (sets everything up the first time)"; \
         echo "make test   lint, then every test, in real browsers too"; \
         echo "make lint   ruff, mypy, import-linter, tsc"; \
         echo "make bench  measure: spread, first frame, segments, memory, remux"; \
         echo "make build  dist/watchparty, one file, and its smoke test"; \
         echo "make soak   the long tests at full size"
