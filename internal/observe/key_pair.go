package observe

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type keyPairAnswers struct{ keyPairs []types.KeyPairInfo }

func keyPairRow() row {
	return row{model.KindKeyPair, []func(*look) []call{
		func(l *look) []call { return []call{l.keyPairCall(marked()...)} },
		namedKeyPairs,
	}, foldKeyPairs}
}

func (l *look) keyPairCall(filters ...types.Filter) call {
	in := &ec2.DescribeKeyPairsInput{Filters: filters, IncludePublicKey: aws.Bool(true)}
	return fetch.Get(l, l.c.EC2.DescribeKeyPairs, in, func(out *ec2.DescribeKeyPairsOutput) { l.keyPairs = append(l.keyPairs, out.KeyPairs...) })
}

// wantedKeyPairs are the keys of the file's key pairs.
func (l *look) wantedKeyPairs() []model.Key {
	var out []model.Key
	for _, g := range l.ask.Groups {
		if g.PublicKey != "" {
			out = append(out, model.KeyPairKey(g.Name, g.PublicKey))
		}
	}
	return out
}

// namedKeyPairs asks by name for the file's key pairs that the tags did not find: what is there has no tag of ours and
// stands in the way.
func namedKeyPairs(l *look) []call {
	var names []string
	for _, k := range l.wantedKeyPairs() {
		name := l.scope.KeyPairName(k.Name)
		if !slices.ContainsFunc(l.keyPairs, func(p types.KeyPairInfo) bool { return aws.ToString(p.KeyName) == name }) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []call{l.keyPairCall(filter("key-name", names...))}
}

func foldKeyPairs(l *look) {
	for _, p := range l.keyPairs {
		name, id, tags := aws.ToString(p.KeyName), aws.ToString(p.KeyPairId), shape.EC2Tags(p.Tags)
		place := l.keyPairNamed(name)
		k, ours := l.mine(tags, model.KindKeyPair)
		if !ours && !place.IsZero() {
			l.stray(place, id, "key pair "+name)
		}
		if !ours {
			continue
		}
		if k.IsZero() { // its key's tag was lost; one that the file does not want goes under its own name
			k = place
		}
		of := cmp.Or(k.Name, name)
		l.add(model.KeyPair{Of: of, Name: name, PublicKey: model.BareKey(aws.ToString(p.PublicKey)), Tags: tags.Own()}, model.Handle{ID: id})
		l.bind(model.Key{Kind: model.KindKeyPair, Name: of}, name)
	}
}

// keyPairNamed is the file's key pair that bears a name; zero when none does.
func (l *look) keyPairNamed(name string) model.Key {
	for _, k := range l.wantedKeyPairs() {
		if l.scope.KeyPairName(k.Name) == name {
			return k
		}
	}
	return model.Key{}
}
