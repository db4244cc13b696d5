#!/bin/sh
# Renders the callers' voices with Debian's espeak-ng and sox, 8 kHz mu-law.
# The WAVs are committed; run this only to change what somebody says.
set -eu
cd "$(dirname "$0")"
say() { # name voice speed pitch text
	espeak-ng -v "en-us+$2" -s "$3" -p "$4" -w "$1.tmp.wav" "$5"
	sox "$1.tmp.wav" -r 8000 -c 1 -e mu-law "$1.wav" gain -n -3
	rm "$1.tmp.wav"
}
say ana f2 175 60 "The bridge on Mill Street was closed twice this month, and nobody told us."
say ben m3 165 40 "I drive the night bus. I can tell you what that detour does to people."
say carla f4 180 55 "Could you play something slow? My mother is listening with me."
say dmitri m7 160 30 "I built the first one of those bridges, in nineteen seventy one."
say edith f5 155 70 "I have a question for your guest about the river and the salmon."
say farid m1 185 50 "Long time listener, first time caller. The council should answer for this."
say greta f3 170 45 "We had eleven people in one car on the ferry this morning."
say hugo m6 175 35 "I disagree with the lady before me. The old bridge was never safe."
