package doctor

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// leastFree is how little room on the disk is too little: a show of thousands of callers
// takes some ten megabytes, and the log twenty.
const leastFree = 200 << 20

// disk is whether there is room, and Callin may write.
func (v *visit) disk(context.Context) Finding {
	cannot := wrong(fmt.Sprintf("Callin cannot write to %s.", v.Dir), "See that the user who runs Callin may write there, and that the disk is not full.")
	at := v.Dir
	if _, err := os.Stat(at); err != nil {
		at = v.Data // the first start makes the other one
	}
	f, err := os.CreateTemp(at, "doctor-*")
	if err != nil {
		return cannot
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, 4096))
	if synced, closed := f.Sync(), f.Close(); err != nil || synced != nil || closed != nil {
		return cannot
	}
	free, err := v.Free(at)
	switch {
	case err != nil:
		return unlooked("This system does not say how much room the disk has.", "Look at it by hand.")
	case free < leastFree:
		return wrong(fmt.Sprintf("The disk has %d MB left.", free>>20), "Free some space: what is decided in a show must be written down.")
	}
	return fine(fmt.Sprintf("Callin can write to its disk, which has %s left.", size(free)))
}

// size is how much there is, for a person.
func size(bytes uint64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d GB", bytes>>30)
}

// journal is whether what happened can be read.
func (v *visit) journal(ctx context.Context) Finding {
	if trouble := v.Journal(ctx); trouble != nil {
		return saysWrong(trouble)
	}
	return fine("The journal is sound.")
}

// secrets are where the account's are.
func (v *visit) secrets(context.Context) Finding {
	if v.Twilio == nil && v.NoTwilio == nil {
		return unlooked("Without an account there are no secrets.", "")
	}
	where, err := v.Secrets()
	if err != nil {
		return saysWrong(err)
	}
	return fine(where)
}

// policy is which settings nobody can change here but an administrator.
func (v *visit) policy(context.Context) Finding {
	if len(v.Policy) == 0 {
		return fine("This computer's policy sets nothing of Callin's.")
	}
	return fine("This computer's policy sets " + strings.Join(v.Policy, ", ") + ": an administrator can change that.")
}
