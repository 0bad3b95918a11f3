package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
	"berth/internal/secret"
)

// Registry is what is asked about a registry of the file.
type Registry struct {
	Host, Username string
	SecretARN      string // a secret that is not ours
	InBucket       bool   // the ECS agents have the login, from the cluster's bucket
}

type secretAnswers struct {
	secretsListed []types.SecretListEntry
	secretsAsked  map[string]*secretsmanager.DescribeSecretOutput // by registry
	secretLogins  map[string]secret.Login                         // by registry
	secretKeys    map[string]string                               // ARN by alias
}

func secretRow() row {
	return row{model.KindSecret, []func(*look) []call{secretCalls, secretValueCalls}, foldSecrets}
}

// secretCalls ask for the secrets of the file by name, and list all others under their common beginning: a list may be five
// minutes old (Secrets Manager API reference, ListSecrets).
func secretCalls(l *look) []call {
	l.secretsAsked = map[string]*secretsmanager.DescribeSecretOutput{}
	list := &secretsmanager.ListSecretsInput{
		Filters:                []types.Filter{{Key: types.FilterNameStringTypeName, Values: []string{l.scope.SecretPrefix()}}},
		IncludePlannedDeletion: aws.Bool(true),
	}
	calls := []call{fetch.Pages(l, l.c.Secrets.ListSecrets, list, func(in *secretsmanager.ListSecretsInput, out *secretsmanager.ListSecretsOutput) bool {
		l.secretsListed = append(l.secretsListed, out.SecretList...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
	for _, r := range l.ask.Registries {
		id := l.scope.SecretName(r.Host)
		if r.SecretARN != "" {
			id = r.SecretARN
		}
		if r.InBucket {
			continue
		}
		calls = append(calls, fetch.Maybe(l, l.c.Secrets.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: aws.String(id)},
			func(out *secretsmanager.DescribeSecretOutput) { l.secretsAsked[r.Host] = out }))
	}
	return calls
}

// secretValueCalls read the values of our own secrets, only where they are to be compared, and find the keys behind aliases.
func secretValueCalls(l *look) []call {
	l.secretLogins, l.secretKeys = map[string]secret.Login{}, map[string]string{}
	var calls []call
	for _, r := range l.ask.Registries {
		found := l.secretsAsked[r.Host]
		if found == nil || found.DeletedDate != nil {
			continue
		}
		alias := aws.ToString(found.KmsKeyId)
		switch {
		case r.SecretARN == "" && l.ask.Secrets != nil:
			in := &secretsmanager.GetSecretValueInput{SecretId: found.ARN}
			calls = append(calls, fetch.Maybe(l, l.c.Secrets.GetSecretValue, in, func(out *secretsmanager.GetSecretValueOutput) {
				if login, ok := secret.ParseLogin(secret.New(aws.ToString(out.SecretString))); ok {
					l.secretLogins[r.Host] = login
				}
			}))
		case r.SecretARN != "" && strings.Contains(alias, "alias/") && !strings.HasSuffix(alias, "alias/aws/secretsmanager"):
			calls = append(calls, fetch.Maybe(l, l.c.KMS.DescribeKey, &kms.DescribeKeyInput{KeyId: aws.String(alias)}, func(out *kms.DescribeKeyOutput) {
				l.secretKeys[alias] = aws.ToString(out.KeyMetadata.Arn)
			}))
		}
	}
	return calls
}

func foldSecrets(l *look) {
	seen := map[string]bool{}
	for _, r := range l.ask.Registries {
		if found := l.secretsAsked[r.Host]; found != nil && r.SecretARN == "" {
			seen[aws.ToString(found.ARN)] = true
			l.foldSecret(types.SecretListEntry{
				ARN: found.ARN, Name: found.Name, Description: found.Description, KmsKeyId: found.KmsKeyId, Tags: found.Tags, DeletedDate: found.DeletedDate,
			})
		}
	}
	for _, s := range l.secretsListed {
		host := l.scope.SecretHost(aws.ToString(s.Name))
		asked := slices.ContainsFunc(l.ask.Registries, func(r Registry) bool { return r.Host == host && r.SecretARN == "" && !r.InBucket })
		if !asked && !seen[aws.ToString(s.ARN)] && s.DeletedDate == nil { // nobody wants one that goes already
			l.foldSecret(s)
		}
	}
}

// foldSecret takes a secret for ours by its tags. One that is to be deleted is as good as gone.
func (l *look) foldSecret(s types.SecretListEntry) {
	name := aws.ToString(s.Name)
	host := l.scope.SecretHost(name)
	tags := shape.SecretTags(s.Tags)
	if _, ours := l.mine(tags, model.KindSecret); !ours {
		l.stray(model.SecretKey(host), name, "secret "+name)
		return
	}
	h := model.Handle{ID: name, ARN: aws.ToString(s.ARN)}
	if s.DeletedDate != nil {
		h.Status, h.Reason = model.Leaving, "it is scheduled for deletion"
	}
	key := aws.ToString(s.KmsKeyId)
	if key == "alias/aws/secretsmanager" {
		key = ""
	}
	username, value := l.compareLogin(host)
	l.add(model.Secret{
		Registry: host, Name: name, Description: aws.ToString(s.Description), Username: username, Value: value, KMSKey: key, Tags: tags.Own(),
	}, h)
}

// compareLogin tells who the stored login is for, and whether it is the one that shall be stored. Where nobody looks at values
// it is taken for right, and so is one whose source is not set.
func (l *look) compareLogin(host string) (username, value string) {
	i := slices.IndexFunc(l.ask.Registries, func(r Registry) bool { return r.Host == host })
	if i < 0 || l.ask.Secrets == nil {
		if i >= 0 {
			username = l.ask.Registries[i].Username
		}
		return username, model.CurrentValue
	}
	stored, there := l.secretLogins[host]
	source := l.ask.Secrets[secret.Registry(host)]
	if !there || source.IsSet() && !source.Equal(stored.Password) {
		return stored.Username, model.OtherValue
	}
	return stored.Username, model.CurrentValue
}

// registries are the facts about the logins of the file's registries.
func (l *look) registries() map[string]model.Registry {
	out := map[string]model.Registry{}
	for _, r := range l.ask.Registries {
		f := model.Registry{Unset: l.ask.Secrets != nil && r.SecretARN == "" && !l.ask.Secrets[secret.Registry(r.Host)].IsSet()}
		found := l.secretsAsked[r.Host]
		switch {
		case r.InBucket:
			f.Wanted = l.wantsLogins()
		case r.SecretARN == "":
			s, there := model.Find[model.Secret](&l.inv.Set, model.SecretKey(r.Host))
			ready := l.inv.Handle(s.Key()).Status == model.Ready
			f.Wanted = !there || !ready || s.Username != r.Username || s.Value != model.CurrentValue
		case found == nil || found.DeletedDate != nil:
			f.Missing = true
		default:
			f.ARN, f.KMSKey = aws.ToString(found.ARN), shape.KeyARN(aws.ToString(found.KmsKeyId), aws.ToString(found.ARN), l.secretKeys)
		}
		out[r.Host] = f
	}
	return out
}
