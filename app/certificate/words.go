package certificate

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"strings"
)

// Two people compare the words on two screens, once, when a PC is paired. Who would
// answer in the station's place needs a key of their own whose words are the
// station's. They know those from the day on which the certificate was made, and
// can make keys until one fits, at ten thousand million a second on one graphics
// card: six words of eight bits, the bare hash, would last for eight hours. So a
// try is made dear, and there are eight words. 2^18 rounds of PBKDF2, two of
// SHA-256 each, are a fifth of a second once in a pairing, and make it 2^83 steps
// until all words fit: 30 million years of that card. Who looks at some of the words
// only is helped too: four of them take it two days, and five nearly two years.
const (
	wordCount  = 8
	wordGroup  = 4
	wordRounds = 1 << 18
)

// Words are the pin for two people to compare, in groups with a dot between them. It
// takes a moment.
func (p Pin) Words() string {
	indexes, err := pbkdf2.Key(sha256.New, string(p[:]), []byte("Callin station"), wordRounds, wordCount)
	if err != nil {
		panic(err) // only lengths can be wrong, and they are constants
	}
	var text strings.Builder
	for i, index := range indexes {
		switch {
		case i == 0:
		case i%wordGroup == 0:
			text.WriteString(" · ")
		default:
			text.WriteString(" ")
		}
		text.WriteString(words[index])
	}
	return text.String()
}

// words are plain and sound different; the first four letters of each are its own.
// Their order is for ever: another one would give stations other words.
var words = strings.Fields(`
	acorn admiral album alcove amber anchor apple apron artist atlas attic autumn avenue badge bakery
	balcony bamboo banjo beaver bedroom bicycle biscuit blanket blossom bonfire boulder bracelet bronze
	bucket buffalo cabin cactus canyon captain caravan castle ceramic chapel cherry chimney chocolate
	cinema circle citrus clarinet coconut coffee compass copper cotton cousin coyote cradle cricket
	crystal daisy dentist diamond doctor dolphin drummer dungeon dynamo earth eclipse elbow elephant
	emerald engine envelope evening fabric farmer feather flamingo flute forest fossil furnace galaxy
	garden garlic gazelle giraffe glacier goblet goggles gorilla gravel guitar gymnast hammock hamster
	harvest hedgehog hexagon horizon hotel iceberg igloo indigo insect island ivory jaguar jasmine
	jelly jigsaw journal juggler juniper kangaroo karate kayak kettle keyboard kitchen koala lagoon
	lantern lavender lemon leopard library lighthouse lilac linen lizard lobster marathon marble
	mermaid microscope mirror mitten monkey moonlight mosaic mosquito mountain muffin museum mushroom
	mustard napkin necklace needle notebook nugget nutmeg oasis oatmeal ocean octopus olive onion opera
	orange orbit orchard ostrich oxygen oyster palace pancake panther parrot parsley pebble pencil
	pepper piano picnic pigeon planet plumber popcorn pretzel pudding pumpkin puppet puzzle pyramid
	quartz rabbit raccoon radar rainbow raisin ribbon rocket salmon sandal sapphire saucer scarf
	scissors shadow sheriff shovel silver skeleton snowman spider spinach sponge squirrel stadium
	statue sugar sunset swallow syrup tailor target teapot temple tennis thimble thunder tiger toast
	tomato tornado tortoise trombone trumpet tulip tunnel turtle tuxedo umbrella unicorn utensil vacuum
	valley vanilla velvet victory village vinegar violin volcano voyage vulture waffle walrus wardrobe
	waterfall whistle window woodland yacht zebra zeppelin zigzag
`)
