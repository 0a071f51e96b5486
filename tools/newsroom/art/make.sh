#!/bin/sh
# Prints every picture of the newsroom anew, into ../pictures.
# Needs: chromium, libvips-tools, webp, pngquant, gifsicle.
set -eu
cd "$(dirname "$0")"
out=$(cd ../pictures && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# print QUERY WIDTH HEIGHT: one scene as $work/print.png. Chromium cuts small windows short.
print() {
  chromium --headless --no-sandbox --disable-gpu --disable-background-networking \
    --user-data-dir="$work/profile" --hide-scrollbars --default-background-color=00000000 \
    --allow-file-access-from-files --window-size=1300,900 --screenshot="$work/window.png" \
    "file://$PWD/print.html?scene=$1" 2> "$work/chromium.log"
  vips crop "$work/window.png" "$work/print.png" 0 0 "$2" "$3"
}
webp() { print "$2" "$3" "$4"; cwebp -quiet -lossless -m 6 "$work/print.png" -o "$out/$1.webp"; }
png()  { print "$2" "$3" "$4"; pngquant --force --strip --nofs --speed 1 64 -o "$out/$1.png" "$work/print.png"; }
jpeg() { print "$2" "$3" "$4"; vips flatten "$work/print.png" "$out/$1.jpg[Q=42,strip,optimize_coding]"; }

webp harbour harbour 1200 630
jpeg harbour-400 'harbour&scale=0.33334' 400 210
png lamp lamp 600 750
png ledger 'ledger&scale=0.75' 480 360

png train train 1200 675
png train-600 'train&scale=0.5' 600 338
webp tea tea 1120 700
jpeg tea-320 'tea&scale=0.28572' 320 200
jpeg station 'station&scale=0.715' 400 300
webp mist mist 1200 240

webp lanterns 'lanterns&scale=0.875' 980 560
webp lanterns-448 'lanterns&scale=0.4' 448 256
webp mill mill 1080 640
png sheets sheets 900 600

png observatory observatory 1200 675
webp observatory-600 'observatory&scale=0.5' 600 338
png telescope telescope 360 420
webp mirror mirror 720 480
png dome dome 96 96
png mark mark 128 128
png grain grain 40 40

for frame in 01 02 03 04 05 06 07 08 09 10 11; do
  print "moon&frame=$frame" 120 120
  vips copy "$work/print.png" "$work/moon$frame.gif"
done
gifsicle -O3 --delay=40 --loop "$work"/moon??.gif -o "$out/moon.gif"
