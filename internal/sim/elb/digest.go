package elb

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// digestOf tells two calls apart by their parameters: a create that repeats an earlier one makes nothing.
func digestOf(in any) string {
	b, err := json.Marshal(in)
	if err != nil {
		panic("elb: an input has no JSON: " + err.Error()) // inputs are plain structs
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
