// Package shape turns what AWS answers into our nouns.
//
// In: values of the AWS SDK as they came, and functions that tell which key stands behind an id, a name or an ARN. Out:
// values of package model: tags, settings, rules, contents, handles. It asks AWS for nothing, remembers nothing and does
// not decide whose a resource is: that is package observe's.
package shape

import "berth/internal/model"

// Keys translates an id, a name or an ARN of AWS into our key; what is not ours keeps it.
type Keys func(id string) model.Key

// KeysOf translates several ids, in their order.
func KeysOf(key Keys, ids []string) []model.Key {
	out := make([]model.Key, len(ids))
	for i, id := range ids {
		out[i] = key(id)
	}
	return out
}
