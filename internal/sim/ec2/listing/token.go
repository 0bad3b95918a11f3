package listing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Claim is a call with a client token: what an earlier call with the same one made, and how to note what this one makes.
type Claim struct {
	Made string // id of what the earlier call made; empty: this call is the first
	note func(id string)
}

// Done notes what the call made, so that a repeat of it makes nothing.
func (c Claim) Done(id string) { c.note(id) }

// ClaimToken looks a client token up. Without a token every call is a first one. The same token with other parameters
// is refused (EC2 API reference, "Ensuring idempotency").
func ClaimToken(c *world.Call, token *string, in any) (Claim, error) {
	t := aws.ToString(token)
	if t == "" {
		return Claim{note: func(string) {}}, nil
	}
	if len(t) > 64 {
		return Claim{}, wire.Errorf("InvalidParameterValue", "Client token exceeds the maximum length of 64 characters")
	}
	key, sum := c.Operation+"/"+t, digest(in)
	tokens := &c.Region.EC2.Tokens
	if old, ok := tokens.Get(key); ok {
		if old.Digest != sum {
			return Claim{}, wire.Errorf("IdempotentParameterMismatch",
				"The client token you have provided is already associated with a request that has different parameters")
		}
		return Claim{Made: old.ID, note: func(string) {}}, nil
	}
	return Claim{note: func(id string) { tokens.Put(key, &world.Token{Digest: sum, ID: id, At: c.Now()}) }}, nil
}

// digest is the same for the same parameters.
func digest(in any) string {
	b, err := json.Marshal(in)
	if err != nil { // EC2's inputs are plain data, which JSON always takes
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
