# Two commands: `make run` serves the portal with demonstration data, `make test` runs everything.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-fast bench pictures lock clean

PORT ?= 8000
export PORT

help:
	@echo "make run        cài đặt, nạp dữ liệu mẫu (một lần) rồi mở cổng tại http://127.0.0.1:$(PORT)"
	@echo "make test       toàn bộ kiểm thử trên SQLite và PostgreSQL, có trình duyệt"
	@echo "make test-fast  kiểm thử nhanh trên SQLite"
	@echo "make bench      đo tốc độ, in bảng tỷ lệ"
	@echo "make pictures   chụp lại các hình của hướng dẫn sử dụng"
	@echo "make lock       khóa lại phiên bản các gói"

run:
	@deploy/setup.sh base
	@deploy/assets.sh
	@deploy/serve.sh

test:
	@deploy/setup.sh test
	@deploy/assets.sh
	@deploy/test.sh

test-fast:
	@deploy/setup.sh test
	@.venv/bin/pytest -n 2 --dist worksteal -m "not browser and not slow"

bench:
	@deploy/setup.sh test
	@deploy/assets.sh
	@deploy/bench.sh

pictures:
	@deploy/setup.sh test
	@deploy/setup.sh pictures
	@deploy/assets.sh
	@.venv/bin/python docs/huong-dan/pictures.py

lock:
	@deploy/lock.sh

clean:
	rm -rf .venv node_modules
