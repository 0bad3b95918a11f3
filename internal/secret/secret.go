// Package secret holds values that must never be shown, and the forms in which AWS keeps them.
//
// In: values as they were read from where people keep them. Out: the texts that Secrets Manager and the ECS agent want,
// and whether two are equal. It must never let a value out by itself: only Reveal does, and whoever calls it hands the
// value to AWS.
package secret

import (
	"crypto/subtle"
	"fmt"
)

// Mask is what every print of a Text shows.
const Mask = "(secret)"

// Text is a value that shows itself to nobody: printing, formatting and marshalling give Mask. It is held by a function,
// because fmt looks past the methods of a field that is not exported. The zero Text is unset.
type Text struct{ reveal func() string }

// New keeps a value; an empty one is unset.
func New(value string) Text {
	if value == "" {
		return Text{}
	}
	return Text{func() string { return value }}
}

// Reveal is the value itself, for AWS alone.
func (t Text) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsSet tells whether there is a value.
func (t Text) IsSet() bool { return t.reveal != nil }

// Equal compares two values; how long it takes tells nothing but their lengths.
func (t Text) Equal(other Text) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// String is Mask.
func (Text) String() string { return Mask }

// GoString is Mask.
func (Text) GoString() string { return Mask }

// Format writes Mask, whatever the verb is.
func (Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Mask)) }

// MarshalText gives Mask.
func (Text) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// MarshalJSON gives Mask.
func (Text) MarshalJSON() ([]byte, error) { return []byte(`"` + Mask + `"`), nil }

// MarshalBinary gives Mask.
func (Text) MarshalBinary() ([]byte, error) { return []byte(Mask), nil }

// Sources are the values that were read for one run, by what they are for; see Registry. A nil map says that nobody has
// looked, an entry without a value that there is none.
type Sources map[string]Text

// Registry names the password of a registry among the Sources.
func Registry(host string) string { return "registry/" + host }
