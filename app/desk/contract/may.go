package contract

import "callin/app/call"

// May says who may ask for each operation: a host, a producer, a manager, a watcher. P
// is a producer where the show lets producers air.
var May = map[string]string{
	"open": "h", "close": "h", "next": "hP", "take": "hP", "deck": "hP", "lane": "hP", "makeNext": "h",
	"answer": "hp", "talk": "hp", "message": "hp", "ready": "hp", "back": "hp", "give": "hp", "propose": "hp", "notNow": "hp", "say": "hp", "seen": "h",
	"hold": "hp", "resume": "hp", "drop": "hp", "undo": "hp", "move": "hp", "bringBack": "hp", "lock": "hp", "order": "hp",
	"note": "hp", "takeLanes": "h", "letPhoneGo": "hp", "token": "hp", "phoneCheck": "hp", "microphone": "hp", "mute": "hp", "voicemailDelete": "hp",
	"unlockPin": "hm", "takeOver": "m", "signOut": "m", "forget": "m",
	"desks": "m", "deskAdd": "m", "deskCode": "m", "deskChange": "m", "deskRevoke": "m", "deskSignOut": "m", "keyAdd": "m", "keyRevoke": "m",
	"setup": "m", "setupAccount": "m", "setupNumber": "m", "setupOffers": "m", "setupBuy": "m", "setupDialIn": "m", "setupAddress": "m", "setupEdges": "m", "setupPlace": "m",
	"setupDo": "m", "setupCall": "m", "setupKey": "m", "setupUndo": "m",
	"shows": "hpmw", "record": "hpmw", "sheet": "hpmw", "curve": "hpmw", "speak": "hpmw", "sameWords": "hpmw", "updateLook": "hpmw", "update": "hpmw",
	"saveRecord": "hpm", "tracks": "hpm", "saveTrack": "hpm", "doctor": "hpm", "looked": "hp", "costs": "hpm", "costLimit": "hm",
	"stageRing": "hpm", "stageHangup": "hpm", "stageHangupAll": "hpm", "stageTrouble": "hpm", "stageMend": "hpm",
}

// Roles are those that May has letters for.
var Roles = map[string]call.Roles{"h": call.Host, "p": call.Producer, "m": call.Manager, "w": call.Watcher}
