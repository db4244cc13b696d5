package call

import "fmt"

// Code names for programs, such as a page or a test, why something was refused
// or what went wrong. There are no others than those below, as nothing outside
// this file can make one.
type Code struct {
	name   string
	status int // HTTP's
}

// codes are all of them by name.
var codes = map[string]Code{}

func code(status int, name string) Code {
	if _, twice := codes[name]; twice {
		panic("two codes are called " + name)
	}
	codes[name] = Code{name, status}
	return codes[name]
}

// silent is the status of what is never the answer to a request: it stands in
// the picture, or ends Callin at its start.
const silent = 0

// Why a door lets nobody in, or cannot read what it is asked.
var (
	CodeNoKey            = code(401, "no_key")
	CodeNoSession        = code(401, "no_session") // at the station's door
	CodeInsecure         = code(403, "insecure")
	CodeWrongHost        = code(403, "wrong_host")
	CodeWrongOrigin      = code(403, "wrong_origin")
	CodeWrongType        = code(415, "wrong_type")
	CodeBodyTooLong      = code(413, "body_too_long")
	CodeBadBody          = code(400, "bad_body")
	CodeBadField         = code(400, "bad_field")
	CodeTooLong          = code(400, "too_long") // one field
	CodeTooOften         = code(429, "too_often")
	CodeUnknownOperation = code(404, "unknown_operation")
	CodeNoRehearsal      = code(409, "no_rehearsal")
	CodeNotAllowed       = code(403, "not_allowed") // to this desk
	CodeWrongCode        = code(403, "wrong_code")  // one that pairs a desk
	CodeKeyEnded         = code(403, "key_ended")   // a roll-out key
)

// What is asked for is not there.
var (
	CodeNoSuchCall    = code(404, "no_such_call")
	CodeNoSuchDesk    = code(404, "no_such_desk")
	CodeNoSuchKey     = code(404, "no_such_key")
	CodeNoSuchLine    = code(404, "no_such_line")
	CodeNoSuchMessage = code(404, "no_such_message")
	CodeNoSuchQueue   = code(404, "no_such_queue")
	CodeNoSuchShow    = code(404, "no_such_show")
	CodeNoSuchStudio  = code(404, "no_such_studio")
	CodeNoSuchTrack   = code(404, "no_such_track")
)

// Why a decision makes no sense as things stand.
var (
	CodeAnothers      = code(409, "anothers") // another desk has the caller
	CodeAlreadyClosed = code(409, "already_closed")
	CodeAlreadyOnAir  = code(409, "already_on_air")
	CodeAlreadyOpen   = code(409, "already_open")
	CodeAlreadyThere  = code(409, "already_there")
	CodeDirectMode    = code(409, "direct_mode")
	CodeLastManager   = code(409, "last_manager")
	CodeLocked        = code(409, "locked")
	CodeMoving        = code(409, "moving")
	CodeNameTaken     = code(409, "name_taken")
	CodeNotMeant      = code(409, "not_meant")
	CodeNobodyLost    = code(409, "nobody_lost")
	CodeNobodyWaiting = code(409, "nobody_waiting")
	CodeNotAsked      = code(409, "not_asked") // a page, for what it has found
	CodeNotDropped    = code(409, "not_dropped")
	CodeNotHere       = code(409, "not_here")
	CodeNotInQueue    = code(409, "not_in_queue")
	CodeNotLocked     = code(409, "not_locked")
	CodeNotOnHold     = code(409, "not_on_hold")
	CodeNotScreened   = code(409, "not_screened")
	CodeNotOnLine     = code(409, "not_on_line")
	CodeNotWaiting    = code(409, "not_waiting")
	CodeOnHold        = code(409, "on_hold")
	CodeLanesTaken    = code(409, "lanes_taken")
	CodeOnTelephone   = code(409, "on_telephone")
	CodeOnThePhone    = code(409, "on_the_phone")
	CodePhoneOffLine  = code(409, "phone_off_line")
	CodeShowClosed    = code(409, "show_closed")
	CodeStillClosing  = code(409, "still_closing")
	CodeTooManyDesks  = code(409, "too_many_desks")
)

// Why something was not done although it made sense.
var (
	CodeFailed     = code(502, "failed")
	CodeNotDeleted = code(409, "not_deleted")
	CodeNotMuted   = code(409, "not_muted")
	CodeNoSpeech   = code(501, "no_speech")
	CodeSpeaking   = code(429, "speaking")
	CodeNotSaved   = code(507, "not_saved")
	CodeTakenOver  = code(409, "taken_over")
	CodeStage      = code(502, "stage")
	CodeSetup      = code(409, "setup")
	// Isolated tracks are not written.
	CodeTracksFull    = code(507, "tracks_full")
	CodeTracksLongest = code(507, "tracks_longest")
	CodeTracksDisk    = code(507, "tracks_disk")
	// These end a start too.
	CodeCredentials = code(409, "credentials") // Twilio refuses the account's
	CodeUnreachable = code(502, "unreachable")
)

// Why a move did not happen, as a card says beside CodeNotSaved.
var (
	CodeBusy      = code(silent, "busy")
	CodeNotDone   = code(silent, "not_done")
	CodeOnAir     = code(silent, "on_air")
	CodeQueueFull = code(silent, "queue_full")
	CodeRestarted = code(silent, "restarted")
)

// What the desk is told by itself.
var (
	CodeCallerGone     = code(silent, "caller_gone")
	CodeCodesVoid      = code(silent, "codes_void")
	CodeCostLimit      = code(silent, "cost_limit") // most of it is used, or all
	CodeDisk           = code(silent, "disk")
	CodeDoctor         = code(silent, "doctor") // something is wrong as a show opens
	CodeDiskAgain      = code(silent, "disk_again")
	CodeJournalDamaged = code(silent, "journal_damaged")
	CodeJournalMemory  = code(silent, "journal_memory")
	CodeNoQueues       = code(silent, "no_queues")
	CodePinLocked      = code(silent, "pin_locked")
	CodeQueuesLeft     = code(silent, "queues_left")
	CodeWayIn          = code(silent, "way_in")
	CodeWrongKeys      = code(silent, "wrong_keys")
)

// Why Callin does not start.
var (
	CodeBadRehearsal   = code(silent, "bad_rehearsal")
	CodeCertificate    = code(silent, "certificate")
	CodeDesks          = code(silent, "desks")
	CodeFallback       = code(silent, "fallback")
	CodeJournal        = code(silent, "journal")
	CodeNoNumber       = code(silent, "no_number")
	CodeNoPage         = code(silent, "no_page")
	CodeNotYourNumber  = code(silent, "not_your_number")
	CodeOneNumberTwice = code(silent, "one_number_twice")
	CodePort           = code(silent, "port")
	CodeSetupLeft      = code(silent, "setup_left")
	CodeRehearsal      = code(silent, "rehearsal")
	CodeRunning        = code(silent, "running")
	CodeWhichNumber    = code(silent, "which_number")
)

// Why a tunnel does not lead to the station.
var (
	CodeTunnelCut     = code(silent, "tunnel_cut")     // it comes back by itself
	CodeTunnelDomain  = code(silent, "tunnel_domain")  // its address is somebody else's, or taken
	CodeTunnelLimit   = code(silent, "tunnel_limit")   // what the account, or nobody's account, may have
	CodeTunnelProgram = code(silent, "tunnel_program") // it is not installed
	CodeTunnelSetting = code(silent, "tunnel_setting")
	CodeTunnelToken   = code(silent, "tunnel_token")
)

// Why a desk does not reach its station.
var (
	CodeNoStation  = code(502, "no_station") // something else answers there
	CodeNotPaired  = code(409, "not_paired")
	CodeNotReached = code(503, "not_reached")
	CodeNotTrusted = code(502, "not_trusted")
	CodeOtherKey   = code(502, "other_key")
	CodeUnanswered = code(504, "unanswered") // it may have been done
	CodeVersions   = code(426, "versions")   // it and the desk are too far apart
)

// Why Callin was not updated.
var CodeUpdate = code(409, "update")

// CodeOf is the code of a name, such as one that a journal holds. A name that
// an earlier Callin used stays as it is.
func CodeOf(name string) Code {
	if c, ok := codes[name]; ok {
		return c
	}
	return Code{name, silent}
}

func (c Code) String() string { return c.name }

// Status is HTTP's word for an answer with this code: 500 where it never should
// be one.
func (c Code) Status() int {
	if c.status == silent {
		return 500
	}
	return c.status
}

// MarshalText is the code's name.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.name), nil }

// UnmarshalText takes the name of a code that there is, or none.
func (c *Code) UnmarshalText(name []byte) error {
	known, ok := codes[string(name)]
	if !ok && len(name) > 0 {
		return fmt.Errorf("there is no code %q", name)
	}
	*c = known
	return nil
}
