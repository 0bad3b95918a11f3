package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) keyPairs() []model.Resource {
	var out []model.Resource
	for _, g := range b.c.Groups {
		k := keyPairOf(g)
		if k.IsZero() {
			continue
		}
		out = append(out, model.KeyPair{Of: k.Name, Name: b.scope.KeyPairName(k.Name), PublicKey: model.BareKey(g.SSHPublicKey), Tags: b.tags(k)})
	}
	return out
}

// keyPairOf is the key pair that a group brings along; zero where the file gives it no key.
func keyPairOf(g config.Group) model.Key {
	if g.SSHPublicKey == "" {
		return model.Key{}
	}
	return model.KeyPairKey(g.Name, g.SSHPublicKey)
}
