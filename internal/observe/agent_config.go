package observe

import (
	"context"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/secret"
)

type agentConfigAnswers struct {
	configVersions []string // ids, the newest first
	configLeft     bool     // the newest version is a delete marker
	configRead     bool
	configLogins   map[string]secret.Login
}

// agentConfigRow lists the versions of the object: the name of the bucket is known with the account.
func agentConfigRow() row {
	return row{model.KindAgentConfig, []func(*look) []call{nothing, agentConfigCalls, agentLoginCalls}, foldAgentConfig}
}

func agentConfigCalls(l *look) []call {
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(l.scope.BucketName()), Prefix: aws.String(model.AgentConfigPath)}
	return []call{fetch.Tolerant(fetch.Pages(l, l.c.S3.ListObjectVersions, in, func(in *s3.ListObjectVersionsInput, out *s3.ListObjectVersionsOutput) bool {
		for _, v := range out.Versions {
			l.storeVersion(aws.ToString(v.Key), aws.ToString(v.VersionId), aws.ToBool(v.IsLatest), false)
		}
		for _, m := range out.DeleteMarkers {
			l.storeVersion(aws.ToString(m.Key), aws.ToString(m.VersionId), aws.ToBool(m.IsLatest), true)
		}
		in.VersionIdMarker = out.NextVersionIdMarker
		return fetch.More(out.NextKeyMarker, &in.KeyMarker)
	}))}
}

func (l *look) storeVersion(key, id string, latest, marker bool) {
	switch {
	case key != model.AgentConfigPath:
	case latest:
		l.configVersions = slices.Insert(l.configVersions, 0, id)
		l.configLeft = marker
	default:
		l.configVersions = append(l.configVersions, id)
	}
}

// agentLoginCalls read the object, only where it is to be compared.
func agentLoginCalls(l *look) []call {
	if l.ask.Secrets == nil || len(l.configVersions) == 0 || l.configLeft || len(l.bucketLogins()) == 0 {
		return nil
	}
	in := &s3.GetObjectInput{Bucket: aws.String(l.scope.BucketName()), Key: aws.String(model.AgentConfigPath)}
	return []call{fetch.Tolerant(func(ctx context.Context) error {
		out, err := cloud.Read(ctx, l.c, l.c.S3.GetObject, in)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(out.Body)
		if err != nil {
			return err
		}
		l.Lock()
		defer l.Unlock()
		l.configLogins, l.configRead = secret.ParseAgentConfig(secret.New(string(text)))
		return out.Body.Close()
	})}
}

// bucketLogins are the registries of the file whose logins the agents have.
func (l *look) bucketLogins() []Registry {
	return slices.DeleteFunc(slices.Clone(l.ask.Registries), func(r Registry) bool { return !r.InBucket })
}

// foldAgentConfig goes by the bucket: what lies there under our name is ours.
func foldAgentConfig(l *look) {
	if len(l.configVersions) == 0 || !l.inv.Has(model.BucketKey()) {
		return
	}
	c := model.AgentConfig{Value: model.CurrentValue, Older: len(l.configVersions) - 1, Versions: l.configVersions}
	if l.ask.Secrets == nil && !l.configLeft {
		for _, r := range l.bucketLogins() { // nobody looks into it: it is taken for right
			c.Registries = append(c.Registries, r.Host+" as "+r.Username)
		}
	} else {
		c.Registries, c.Value = l.compareLogins()
	}
	l.add(c, model.Handle{ID: model.AgentConfigPath})
}

// compareLogins tells who the stored logins are for, and whether they are those that shall be stored, as far as their sources
// are set.
func (l *look) compareLogins() (logins []string, value string) {
	value = model.CurrentValue
	for host, stored := range l.configLogins { // unordered: sorted below
		logins = append(logins, host+" as "+stored.Username)
		if source := l.ask.Secrets[secret.Registry(host)]; source.IsSet() && !source.Equal(stored.Password) {
			value = model.OtherValue
		}
	}
	slices.Sort(logins)
	if !l.configRead {
		value = model.OtherValue
	}
	return logins, value
}

// wantsLogins tells whether the object must be written: then all logins in it are needed.
func (l *look) wantsLogins() bool {
	c, there := model.Find[model.AgentConfig](&l.inv.Set, model.AgentConfigKey())
	var want []string
	for _, r := range l.bucketLogins() {
		want = append(want, r.Host+" as "+r.Username)
	}
	slices.Sort(want)
	return !there || c.Value != model.CurrentValue || !slices.Equal(c.Registries, want)
}
