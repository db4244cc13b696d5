package connect

import "callin/app/desk"

// trial is what a trial account cannot do at each step, and how a show differs (Twilio
// docs: trial accounts, error 21404, error 21219).
func trial(numbers int, texts bool) map[desk.SetupStep]string {
	words := map[desk.SetupStep]string{
		desk.StepNumber:  "Trial account: Twilio lets it have one number. Its credit pays for that; for more, upgrade the account.",
		desk.StepAddress: "Trial account: Twilio waits five seconds for an answer from this address, and not fifteen. A slow way ends calls.",
		desk.StepChange: "Trial account: a show differs. Who calls hears a message of Twilio's own first and has to press a key. Only telephones that were verified in Twilio's console get through, " +
			"five at once, for ten minutes each; Twilio replaces part of the hold music, the lines and the messages. Upgrade the account before a show: the set-up stays as it is.",
		desk.StepTry: "Trial account: ring from a telephone that was verified in Twilio's console. You hear a message of Twilio's own first: press a key then. Twilio calls verified telephones only, and ends each call after ten minutes.",
	}
	if numbers > 0 {
		words[desk.StepNumber] = "Trial account: Twilio lets it have one number, which there is. To buy another one, upgrade the account."
	}
	if numbers < 2 {
		words[desk.StepDialIn] = "Trial account: its one number is the listeners'. The DJ has none until the account is upgraded, and one is bought."
	}
	if texts {
		words[desk.StepChange] += " Texts go to verified telephones only, and begin with words of Twilio's."
	}
	return words
}
