#!/bin/bash
# Builds the guest image: vmlinuz, initrd, rehearsal.war, features.zip, features.index and image.properties. Needs no root. One set of inputs is built once and kept
# in ${XDG_CACHE_HOME:-~/.cache}/agent-runtime/images under the digest of all of them.
#
# usage: build-image.sh OUTPUT_DIR SUPERVISOR_JAR CHANNEL_JAR JNA_JAR LIBERTY_ZIP LIBERTY_VERSION REHEARSAL_WAR
#
# AGRT_KERNEL=/path/vmlinuz and AGRT_MODULES=/path (a folder with the virtio modules, or empty when they are built in)
# take a kernel other than Debian's; AGRT_BUSYBOX=/path a static busybox other than Debian's; AGRT_FONTS=/path a folder with
# the DejaVu fonts other than Debian's package; AGRT_LOCALES=en,de,… other languages. JAVA_HOME names the JDK whose parts
# become the guest's Java runtime.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022

readonly OUTPUT=$1 SUPERVISOR_JAR=$2 CHANNEL_JAR=$3 JNA_JAR=$4 LIBERTY_ZIP=$5 LIBERTY_VERSION=$6 REHEARSAL_WAR=$7
readonly HERE=$(cd "$(dirname "$0")" && pwd)
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/agent-runtime
readonly FORMAT=4
readonly MODULES="virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_console"
# Each language costs every guest about 0.2 MB of memory; all that Java has cost 22 MB.
readonly LOCALES=${AGRT_LOCALES:-en,de,fr,es,it,pt,nl,pl,sv,da,nb,no,fi,cs,sk,hu,ro,bg,hr,el,tr,ru,uk,ja,ko,zh,ar,he,hi}
readonly FONTS="DejaVuSans DejaVuSans-Bold DejaVuSansMono DejaVuSansMono-Bold DejaVuSerif DejaVuSerif-Bold"
# What Open Liberty and agents need of Java SE; no compiler, no tools.
readonly JAVA_MODULES=java.base,java.compiler,java.datatransfer,java.desktop,java.instrument,java.logging,java.management,java.management.rmi,java.naming,java.net.http,java.prefs,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.sql.rowset,java.transaction.xa,java.xml,java.xml.crypto,jdk.charsets,jdk.crypto.ec,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.random,jdk.unsupported,jdk.xml.dom,jdk.zipfs
# What an agent may have more than the image, in sets of which each can be run at once.
readonly MORE_FEATURES=(
  "webProfile-10.0 microProfile-6.1 mail-2.1 appSecurity-5.0 appAuthorization-2.1 xmlBinding-4.0 mpGraphQL-2.0 mpContextPropagation-1.3 mpReactiveMessaging-3.0 mpReactiveStreams-3.0"
  "facesContainer-4.0 persistenceContainer-3.1 jdbc-4.3"
)

say() { printf '[guest-image] %s\n' "$*"; }
fail() { printf '[guest-image] error: %s\n' "$*" >&2; exit 1; }

java_home() {
  local home=${JAVA_HOME:-}
  if [ -z "$home" ]; then
    home=$(dirname "$(dirname "$(readlink -f "$(command -v javac || true)")")")
  fi
  [ -x "$home/bin/jlink" ] || fail "no jlink in '$home': set JAVA_HOME to a JDK 17 (Debian: openjdk-17-jdk-headless)"
  [ -d "$home/jmods" ] || fail "the JDK in '$home' has no jmods folder, so no runtime can be made from it (RHEL: install java-17-openjdk-jmods)"
  printf '%s' "$home"
}

require() {
  command -v "$1" >/dev/null || fail "'$1' is missing: install the package $2"
}

# --- Debian packages, unpacked and never installed ---------------------------------------------------------------

package_version() {
  apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Version: //p' | head -1
}

kernel_package() {
  apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*-cloud-amd64\)$/\1/p' | head -1
}

refresh_package_lists() {
  say "asking apt for fresh package lists"
  apt-get update -qq >/dev/null 2>&1 || say "apt-get update did not work (it needs root); going on with the lists that are there"
}

# download_package NAME VERSION: prints the path of the .deb
download_package() {
  local folder=$CACHE/packages/$1_${2//:/_}
  if ! ls "$folder"/*.deb >/dev/null 2>&1; then
    say "downloading $1 $2" >&2
    mkdir -p "$folder.part"
    (cd "$folder.part" && apt-get download -qq "$1=$2" >/dev/null 2>&1) || return 1
    rm -rf "$folder"
    mv "$folder.part" "$folder"
  fi
  ls "$folder"/*.deb
}

# unpack_package NAME VERSION FOLDER
unpack_package() {
  local deb
  if ! deb=$(download_package "$1" "$2"); then
    refresh_package_lists
    deb=$(download_package "$1" "$2") || fail "the package $1 $2 cannot be downloaded; run 'apt-get update' as root and try again"
  fi
  mkdir -p "$3"
  dpkg -x "$deb" "$3"
}

# --- inputs ------------------------------------------------------------------------------------------------------

resolve_kernel() {
  if [ -n "${AGRT_KERNEL:-}" ]; then
    [ -r "$AGRT_KERNEL" ] || fail "AGRT_KERNEL=$AGRT_KERNEL cannot be read"
    KERNEL_PACKAGE= KERNEL_VERSION=$(basename "$AGRT_KERNEL")-$(sha256sum < "$AGRT_KERNEL" | cut -c1-16)
    return
  fi
  command -v apt-get >/dev/null || fail "this host has no apt-get to fetch Debian's kernel with: set AGRT_KERNEL=/path/vmlinuz and AGRT_MODULES=/path of its modules"
  KERNEL_PACKAGE=$(kernel_package)
  if [ -z "$KERNEL_PACKAGE" ]; then
    refresh_package_lists
    KERNEL_PACKAGE=$(kernel_package)
  fi
  [ -n "$KERNEL_PACKAGE" ] || fail "apt knows no linux-image-cloud-amd64; run 'apt-get update' as root, or set AGRT_KERNEL and AGRT_MODULES"
  KERNEL_VERSION=$(package_version "$KERNEL_PACKAGE")
}

resolve_busybox() {
  if [ -n "${AGRT_BUSYBOX:-}" ]; then
    BUSYBOX_VERSION=$(sha256sum < "$AGRT_BUSYBOX" | cut -c1-16)
    return
  fi
  command -v apt-cache >/dev/null || fail "this host has no apt-get to fetch a static busybox with: set AGRT_BUSYBOX=/path/busybox"
  BUSYBOX_VERSION=$(package_version busybox-static)
  if [ -z "$BUSYBOX_VERSION" ]; then
    refresh_package_lists
    BUSYBOX_VERSION=$(package_version busybox-static)
  fi
  [ -n "$BUSYBOX_VERSION" ] || fail "apt knows no busybox-static; run 'apt-get update' as root, or set AGRT_BUSYBOX"
}

resolve_fonts() {
  FONT_FOLDER=${AGRT_FONTS:-}
  if [ -z "$FONT_FOLDER" ] && ! command -v apt-cache >/dev/null; then
    FONT_FOLDER=/usr/share/fonts
  fi
  if [ -n "$FONT_FOLDER" ]; then
    local font
    FONTS_VERSION=
    for font in $FONTS; do
      [ -n "$(font_file "$font")" ] || fail "no $font.ttf in $FONT_FOLDER: install the DejaVu fonts (RHEL: dejavu-sans-fonts dejavu-sans-mono-fonts dejavu-serif-fonts), or name their folder by AGRT_FONTS=/path"
      FONTS_VERSION+=$(sha256sum < "$(font_file "$font")" | cut -c1-8)
    done
    return
  fi
  FONTS_VERSION=$(package_version fonts-dejavu-core)
  if [ -z "$FONTS_VERSION" ]; then
    refresh_package_lists
    FONTS_VERSION=$(package_version fonts-dejavu-core)
  fi
  [ -n "$FONTS_VERSION" ] || fail "apt knows no fonts-dejavu-core; run 'apt-get update' as root, or set AGRT_FONTS"
}

font_file() {
  find "$FONT_FOLDER" -name "$1.ttf" | sort | head -1
}

content_key() {
  {
    echo "format $FORMAT"
    echo "kernel $KERNEL_PACKAGE $KERNEL_VERSION ${AGRT_MODULES:-}"
    echo "busybox $BUSYBOX_VERSION"
    echo "fonts $FONTS_VERSION"
    echo "modules $JAVA_MODULES"
    echo "locales $LOCALES"
    sed 's/^/jdk /' "$JDK/release"
    echo "jdk $(stat -c %s "$JDK/jmods/java.base.jmod" "$JDK/lib/modules" 2>/dev/null | tr '\n' ' ')"
    echo "libc $(ldd --version | head -1)"
    echo "liberty $LIBERTY_VERSION $(stat -c %s "$LIBERTY_ZIP")"
    (cd "$HERE" && sha256sum build-image.sh src/build/* src/guest/*)
    sha256sum < "$SUPERVISOR_JAR"
    sha256sum < "$CHANNEL_JAR"
    sha256sum < "$JNA_JAR"
    sha256sum < "$REHEARSAL_WAR"
  } | sha256sum | cut -c1-64
}

# --- the parts ---------------------------------------------------------------------------------------------------

put_kernel() {
  if [ -n "$KERNEL_PACKAGE" ]; then
    say "unpacking the kernel $KERNEL_PACKAGE $KERNEL_VERSION"
    unpack_package "$KERNEL_PACKAGE" "$KERNEL_VERSION" "$WORK/kernel"
    cp "$WORK"/kernel/boot/vmlinuz-* "$WORK/vmlinuz"
    MODULE_FOLDER=$WORK/kernel/lib/modules
  else
    cp "$AGRT_KERNEL" "$WORK/vmlinuz"
    MODULE_FOLDER=${AGRT_MODULES:-}
  fi
  mkdir -p "$ROOT/modules"
  [ -n "$MODULE_FOLDER" ] || return 0
  local module file
  for module in $MODULES; do
    file=$(find "$MODULE_FOLDER" -name "$module.ko*" | head -1)
    case $file in
      '') ;; # built into this kernel
      *.ko) cp "$file" "$ROOT/modules/$module.ko" ;;
      *.ko.xz) xz -dc "$file" > "$ROOT/modules/$module.ko" ;;
      *.ko.zst) zstd -qdc "$file" > "$ROOT/modules/$module.ko" ;;
      *.ko.gz) gzip -dc "$file" > "$ROOT/modules/$module.ko" ;;
    esac
  done
}

put_busybox() {
  mkdir -p "$ROOT/bin"
  if [ -n "${AGRT_BUSYBOX:-}" ]; then
    cp "$AGRT_BUSYBOX" "$ROOT/bin/busybox"
  else
    unpack_package busybox-static "$BUSYBOX_VERSION" "$WORK/busybox"
    cp "$WORK/busybox/bin/busybox" "$ROOT/bin/busybox"
  fi
  # All of them: init needs some, and whoever runs a command in the guest the others.
  local applet
  "$ROOT/bin/busybox" --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$ROOT/bin/$applet"
  done
}

put_java() {
  say "linking a Java runtime from $JDK"
  "$JDK/bin/jlink" --module-path "$JDK/jmods" --add-modules "$JAVA_MODULES" --include-locales="$LOCALES" \
    --strip-java-debug-attributes --no-man-pages --no-header-files --output "$ROOT/jre"
  rm -rf "$ROOT/jre/lib/classlist"
  # Only headless use, and no sound: their libraries would pull X11 in.
  rm -f "$ROOT"/jre/lib/lib{awt_xawt,jawt,splashscreen,jsound}.so
  "$JDK/bin/jlink" --version >/dev/null
  cp "$JDK/lib/classlist" "$WORK/classlist" 2>/dev/null || true
  "$ROOT/jre/bin/java" -Xshare:dump -XX:+UseSerialGC -XX:SharedArchiveFile="$ROOT/jre/lib/server/classes.jsa" \
    ${WORK:+$( [ -s "$WORK/classlist" ] && echo "-XX:SharedClassListFile=$WORK/classlist" )} >/dev/null 2>&1 \
    || fail "the class data archive of the linked Java runtime could not be made"
  put_native_libraries
  put_fonts
}

put_fonts() {
  if [ -z "$FONT_FOLDER" ]; then
    unpack_package fonts-dejavu-core "$FONTS_VERSION" "$WORK/fonts"
    FONT_FOLDER=$WORK/fonts/usr/share/fonts
  fi
  mkdir -p "$ROOT/usr/share/fonts"
  local font
  for font in $FONTS; do
    cp "$(font_file "$font")" "$ROOT/usr/share/fonts/$font.ttf"
  done
  cp "$HERE/src/guest/fontconfig.properties" "$ROOT/jre/lib/fontconfig.properties"
}

# The C library and what else the runtime's own libraries are linked to, in the places where the loader looks.
put_native_libraries() {
  local library
  { ldd "$ROOT/jre/bin/java"; find "$ROOT/jre/lib" -name '*.so' -exec ldd {} + ; } 2>/dev/null \
    | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' \
    | grep -v "^$ROOT" | sort -u > "$WORK/libraries"
  while read -r library; do
    case $(basename "$library") in
      libX*|libx*|libasound*) continue ;;
    esac
    mkdir -p "$ROOT$(dirname "$library")"
    cp -L "$library" "$ROOT$library"
  done < "$WORK/libraries"
  # Looked up by name at run time, so ldd does not know it.
  local libc
  libc=$(dirname "$(grep '/libc\.so' "$WORK/libraries" | head -1)")
  for library in libpthread.so.0 libdl.so.2 librt.so.1 libm.so.6 libnss_files.so.2 libresolv.so.2 libgcc_s.so.1; do
    if [ -e "$libc/$library" ]; then cp -L "$libc/$library" "$ROOT$libc/$library"; fi
  done
}

put_liberty() {
  local runtime=$CACHE/liberty/$LIBERTY_VERSION
  if [ ! -d "$runtime/wlp" ]; then
    say "unpacking Open Liberty $LIBERTY_VERSION"
    rm -rf "$runtime.part"
    mkdir -p "$runtime.part"
    (cd "$runtime.part" && "$JDK/bin/jar" xf "$LIBERTY_ZIP")
    rm -rf "$runtime"
    mv "$runtime.part" "$runtime"
  fi
  say "making a smaller Open Liberty with the features of an agent"
  minify small ""
  mkdir -p "$ROOT/opt"
  cp -r "$WORK/small/wlp" "$ROOT/opt/wlp"
  rm -rf "$ROOT/opt/wlp/usr/servers/agent/workarea" "$ROOT/opt/wlp/templates" "$ROOT/opt/wlp/README.TXT"
  find "$ROOT/opt/wlp/dev" -name javadoc -type d -prune -exec rm -rf {} +
  mkdir -p "$ROOT/opt/wlp/usr/servers/agent/apps" "$ROOT/opt/wlp/usr/servers/agent/configDropins/overrides"
  say "packing the features that an agent may have besides"
  local set number=0 larger=()
  for set in "${MORE_FEATURES[@]}"; do
    number=$((number + 1))
    minify "more$number" "$set"
    larger+=("$WORK/more$number/wlp")
  done
  "$JDK/bin/java" "$HERE/src/build/FeaturePack.java" "$WORK" "$runtime/wlp" "$ROOT/opt/wlp" "${larger[@]}"
}

# minify NAME FEATURES: unpacks into $WORK/NAME an Open Liberty that has the features of an agent and FEATURES
minify() {
  local server=$WORK/usr-$1/servers/agent feature elements=
  mkdir -p "$server"
  for feature in $2; do elements+="<feature>$feature</feature>"; done
  sed "s|</featureManager>|$elements</featureManager>|" "$HERE/src/guest/server.xml" > "$server/server.xml"
  cp "$HERE/src/guest/bootstrap.properties" "$server/"
  (cd "$WORK" && WLP_USER_DIR=$WORK/usr-$1 "$JDK/bin/java" -jar "$CACHE/liberty/$LIBERTY_VERSION/wlp/bin/tools/ws-server.jar" agent \
      --package --archive="$WORK/$1.zip" --include=minify) > "$WORK/package.log" 2>&1 \
    || { cat "$WORK/package.log" >&2; fail "Open Liberty could not be packaged with the features '$2'"; }
  # Open Liberty packs what is left of a server whose features do not go together.
  if grep -E 'CWWKF[0-9]{4}E' "$WORK/package.log" >&2; then fail "Open Liberty cannot run the features '$2' together"; fi
  mkdir "$WORK/$1"
  (cd "$WORK/$1" && "$JDK/bin/jar" xf "$WORK/$1.zip")
}

put_supervisor() {
  mkdir -p "$ROOT/supervisor"
  cp "$SUPERVISOR_JAR" "$ROOT/supervisor/agent-supervisor.jar"
  cp "$CHANNEL_JAR" "$ROOT/supervisor/agent-channel.jar"
  cp "$JNA_JAR" "$ROOT/supervisor/jna.jar"
  cp "$HERE/src/guest/supervisor.options" "$HERE/src/guest/liberty.options" "$ROOT/supervisor/"
  mkdir -p "$ROOT"/{proc,sys,dev,run,tmp,etc}
  printf '127.0.0.1 localhost agent\n' > "$ROOT/etc/hosts"
  printf 'root:x:0:0:root:/tmp:/bin/sh\n' > "$ROOT/etc/passwd"
  printf 'hosts: files\n' > "$ROOT/etc/nsswitch.conf"
  cp "$HERE/src/guest/init" "$ROOT/init"
  chmod 755 "$ROOT/init"
}

# --- main --------------------------------------------------------------------------------------------------------

build() {
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
  ROOT=$WORK/root
  mkdir -p "$ROOT"
  put_kernel
  put_busybox
  put_java
  put_liberty
  put_supervisor
  say "packing the initial RAM disk ($(du -sm "$ROOT" | cut -f1) MiB)"
  "$JDK/bin/java" "$HERE/src/build/Cpio.java" "$ROOT" | zstd -q -9 -T0 -o "$WORK/initrd"
  cat > "$WORK/image.properties" <<PROPERTIES
format=$FORMAT
key=$KEY
kernel=${KERNEL_PACKAGE:-custom} $KERNEL_VERSION
jre=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$JDK/release")
liberty=$LIBERTY_VERSION
created=$(date -u +%Y-%m-%dT%H:%M:%SZ)
PROPERTIES
  mkdir -p "$CACHE/images"
  rm -rf "$CACHE/images/$KEY.part"
  mkdir "$CACHE/images/$KEY.part"
  cp "$REHEARSAL_WAR" "$WORK/rehearsal.war"
  mv "$WORK/vmlinuz" "$WORK/initrd" "$WORK/rehearsal.war" "$WORK/features.zip" "$WORK/features.index" \
    "$WORK/image.properties" "$CACHE/images/$KEY.part/"
  chmod 644 "$CACHE/images/$KEY.part"/*
  mv -T "$CACHE/images/$KEY.part" "$CACHE/images/$KEY"
  # Each is about 150 MiB: the three latest are enough to go back and forth between branches.
  local old
  ls -1dt "$CACHE"/images/*/ | tail -n +4 | while read -r old; do rm -rf "$old"; done
}

require zstd zstd
require ldd libc-bin
JDK=$(java_home)
resolve_kernel
resolve_busybox
resolve_fonts
KEY=$(content_key)
if [ -e "$OUTPUT/image.properties" ] && grep -qx "key=$KEY" "$OUTPUT/image.properties"; then
  say "up to date (${KEY:0:12})"
  exit 0
fi
if [ -e "$CACHE/images/$KEY/image.properties" ]; then
  say "taken from the cache (${KEY:0:12})"
else
  say "building ${KEY:0:12}; this takes about a minute"
  build
fi
rm -rf "$OUTPUT"
mkdir -p "$OUTPUT"
cp "$CACHE/images/$KEY"/* "$OUTPUT/"
say "done: $OUTPUT ($(du -m "$OUTPUT/initrd" | cut -f1) MiB initrd)"
