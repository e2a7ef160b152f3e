# Sourced: install Debian packages that are missing, or say which ones somebody must install.
# Use: need PROGRAM-OR-TEST PACKAGE...
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

install_packages() {
  if ! command -v apt-get >/dev/null || ! as_root true; then
    echo "Thiếu gói hệ thống: $*. Hãy cài bằng quyền quản trị (apt-get install $*) rồi chạy lại." >&2
    exit 1
  fi
  echo "Cài gói hệ thống: $*"
  local log
  log=$(mktemp)
  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
         as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -20 "$log" >&2
    echo "Không cài được: $*. Hãy cài bằng tay rồi chạy lại." >&2
    exit 1
  fi
  rm -f "$log"
}
