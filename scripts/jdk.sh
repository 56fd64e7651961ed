# Sourced by ./raddle and ./mvnw: sets JAVA_HOME to a JDK of at least this version. Reads the `release`
# files of installed JDKs, so no JVM starts. POSIX sh.
RADDLE_JAVA_MIN=25
RADDLE_ADOPTIUM_URL=${RADDLE_ADOPTIUM_URL:-https://api.adoptium.net/v3}
raddle_found=

raddle_fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Sets raddle_major to the feature version of the JDK in $1, 0 when there is none.
raddle_version() {
  raddle_major=0
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS= read -r raddle_line; do
    case $raddle_line in
      JAVA_VERSION=*)
        raddle_major=${raddle_line#JAVA_VERSION=\"}
        raddle_major=${raddle_major%%[!0-9]*}
        return 0
        ;;
    esac
  done <"$1/release"
}

# Takes the JDK in $1 if it is new enough.
raddle_try() {
  raddle_version "$1"
  if [ "${raddle_major:-0}" -ge "$RADDLE_JAVA_MIN" ]; then
    JAVA_HOME=$1
    return 0
  fi
  raddle_note "$1"
  return 1
}

# Remembers the JDK in $1, which is too old, for the message.
raddle_note() {
  [ "${raddle_major:-0}" -gt 0 ] || return 0
  case $raddle_found in
    *" $1 ("*) ;;
    *) raddle_found="$raddle_found $1 ($raddle_major)" ;;
  esac
}

# Takes the newest of the JDKs given.
raddle_try_best() {
  raddle_best= raddle_best_major=0
  for raddle_dir in "$@"; do
    raddle_version "$raddle_dir"
    if [ "${raddle_major:-0}" -lt "$RADDLE_JAVA_MIN" ]; then
      raddle_note "$raddle_dir"
    elif [ "${raddle_major:-0}" -gt "$raddle_best_major" ]; then
      raddle_best=$raddle_dir raddle_best_major=$raddle_major
    fi
  done
  [ -n "$raddle_best" ] && raddle_try "$raddle_best"
}

raddle_download() {
  case $(uname -s) in
    Linux) raddle_os=linux ;;
    Darwin) raddle_os=mac ;;
    *) return 1 ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) raddle_arch=x64 ;;
    aarch64 | arm64) raddle_arch=aarch64 ;;
    *) return 1 ;;
  esac
  raddle_url="$RADDLE_ADOPTIUM_URL/assets/latest/$RADDLE_JAVA_MIN/hotspot?architecture=$raddle_arch&image_type=jdk&os=$raddle_os&vendor=eclipse"
  raddle_json=$(curl -fsSL --connect-timeout 15 "$raddle_url" 2>/dev/null) || return 1
  raddle_pkg=$(printf '%s' "$raddle_json" | tr -d ' \n\t' | sed -n 's/.*"package":{\([^}]*\)}.*/\1/p')
  raddle_link=$(printf '%s' "$raddle_pkg" | sed -n 's/.*"link":"\([^"]*\)".*/\1/p')
  raddle_sum=$(printf '%s' "$raddle_pkg" | sed -n 's/.*"checksum":"\([0-9a-f]*\)".*/\1/p')
  [ -n "$raddle_link" ] && [ -n "$raddle_sum" ] || return 1
  mkdir -p "$HOME/.raddle/jdk" || return 1
  raddle_tmp=$(mktemp -d "$HOME/.raddle/jdk/.new.XXXXXX") || return 1
  echo "no JDK $RADDLE_JAVA_MIN or newer found: downloading one from Adoptium ..." >&2
  if curl -fsSL --connect-timeout 15 -o "$raddle_tmp/jdk.tar.gz" "$raddle_link"; then
    raddle_got=$( (sha256sum "$raddle_tmp/jdk.tar.gz" 2>/dev/null || shasum -a 256 "$raddle_tmp/jdk.tar.gz") | cut -d' ' -f1)
    if [ "$raddle_got" != "$raddle_sum" ]; then
      rm -rf "$raddle_tmp"
      raddle_fail "raddle: the downloaded JDK is damaged: expected SHA-256 $raddle_sum, found $raddle_got"
    fi
    mkdir "$raddle_tmp/x" && tar -xzf "$raddle_tmp/jdk.tar.gz" -C "$raddle_tmp/x" || { rm -rf "$raddle_tmp"; return 1; }
    raddle_home=$(dirname "$(dirname "$(find "$raddle_tmp/x" -path '*/bin/javac' | head -n 1)")")
    raddle_name=jdk-$RADDLE_JAVA_MIN-$(printf '%.12s' "$raddle_sum")
    [ -d "$HOME/.raddle/jdk/$raddle_name" ] || mv "$raddle_home" "$HOME/.raddle/jdk/$raddle_name"
    rm -rf "$raddle_tmp"
    raddle_try "$HOME/.raddle/jdk/$raddle_name"
    return
  fi
  rm -rf "$raddle_tmp"
  return 1
}

raddle_find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && raddle_try "$JAVA_HOME"; then return; fi
  raddle_java=$(command -v java 2>/dev/null) || raddle_java=
  if [ -n "$raddle_java" ]; then
    raddle_real=$(readlink -f "$raddle_java" 2>/dev/null) || raddle_real=$raddle_java
    raddle_real=${raddle_real%/bin/java}
    if raddle_try "$raddle_real"; then return; fi
  fi
  if raddle_try_best /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/}"/.sdkman/candidates/java/* \
    "${HOME:-/}"/.jdks/* "${HOME:-/}"/.raddle/jdk/*; then return; fi
  if raddle_download; then return; fi
  raddle_fail "raddle: expected a JDK $RADDLE_JAVA_MIN or newer, found:${raddle_found:- none}.
Looked at JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN and ~/.jdks, then tried to download one from Adoptium and could not.
Install a JDK $RADDLE_JAVA_MIN (https://adoptium.net) or set JAVA_HOME to one."
}
