package lease

import (
	"errors"
	"fmt"
	"time"
)

// Holder says who holds a lease, for the one who would like to have it.
type Holder struct {
	Owner string    `json:"owner"` // user
	Host  string    `json:"host"`
	Verb  string    `json:"verb"`
	Run   string    `json:"run"` // no two runs have the same; empty: the lease's object holds something unreadable
	Since time.Time `json:"since"`
	Beat  int       `json:"beat"` // counts renewals, so that every renewal changes the object

	Renewed time.Time `json:"-"` // by S3's clock, as Peek sees it
}

// String is the holder in one line.
func (h Holder) String() string {
	if h.Run == "" {
		return "somebody unknown (the lease's object cannot be read)"
	}
	return fmt.Sprintf("%s@%s (berth %s, since %s)", h.Owner, h.Host, h.Verb, h.Since.UTC().Format(time.RFC3339))
}

// Held says that somebody else works on the cluster.
type Held struct{ Holder Holder }

// Error names the holder.
func (h *Held) Error() string { return "another run holds the cluster: " + h.Holder.String() }

// ErrLost says that somebody took the lease over: this run was too slow to renew it and must not write any more.
var ErrLost = errors.New("the lease was taken over by another run")
