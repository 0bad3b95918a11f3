package dst

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/check"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/secret"
	"berth/internal/sim/world"
)

const hubSecret = "acc_acc/registry/docker.io"

// registries is a feature of its own for the tests below.
func registries(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/feature/registries.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stored is what AWS keeps for the registries: the current login in Secrets Manager, the versions of the object in S3.
func (r *Rig) stored(t *testing.T) (login string, object []string) {
	t.Helper()
	r.Sim.With(func(w *world.World) {
		if s, ok := w.Region("eu-west-1").Secrets.Secrets.Get(hubSecret); ok {
			for _, v := range s.Versions {
				if len(v.Stages) > 0 && v.Stages[0] == "AWSCURRENT" {
					login = v.Text
				}
			}
		}
		for b := range w.S3.Buckets.Rows() {
			if head, ok := b.Objects.Get(model.AgentConfigPath); ok {
				for _, v := range head.Versions {
					object = append(object, string(v.Data))
				}
			}
		}
	})
	return login, object
}

// keeps wants AWS to keep just the passwords of the rig.
func (r *Rig) keeps(t *testing.T, c *config.Config) {
	t.Helper()
	login, object := r.stored(t)
	sources := r.secrets(c)
	want := secret.Login{Username: "acme", Password: sources[secret.Registry("docker.io")]}.JSON().Reveal()
	if login != want {
		t.Errorf("the secret is %s, want %s", login, want)
	}
	all := secret.AgentConfig(map[string]secret.Login{
		"ghcr.io":              {Username: "acme", Password: sources[secret.Registry("ghcr.io")]},
		"reg.example.com:5000": {Username: "robot$ci", Password: sources[secret.Registry("reg.example.com:5000")]},
	}).Reveal()
	if len(object) != 1 || object[0] != all {
		t.Errorf("the object is %q, want %q", object, all)
	}
}

// somebody is another client of the same AWS.
func (r *Rig) somebody() *cloud.Cloud {
	return cloud.Embedded(r.Sim.Client(), "eu-west-1", cloud.Options{Clock: r.Sim, Run: "somebody", Width: 1})
}

func putObject(c *cloud.Cloud, text string) error {
	_, err := c.S3.PutObject(context.Background(), &s3.PutObjectInput{
		Bucket: sdk.String("berth-123456789012-eu-west-1-acc-acc"), Key: sdk.String(model.AgentConfigPath), Body: strings.NewReader(text),
	})
	return err
}

func putSecret(c *cloud.Cloud, text string) error {
	_, err := c.Secrets.PutSecretValue(context.Background(), &secretsmanager.PutSecretValueInput{SecretId: sdk.String(hubSecret), SecretString: sdk.String(text)})
	return err
}

func deleteSecret(c *cloud.Cloud, force bool) error {
	in := &secretsmanager.DeleteSecretInput{SecretId: sdk.String(hubSecret)}
	if force {
		in.ForceDeleteWithoutRecovery = sdk.Bool(true)
	}
	_, err := c.Secrets.DeleteSecret(context.Background(), in)
	return err
}

// encryptWith puts the secret under a key of somebody's own.
func encryptWith(c *cloud.Cloud) error {
	k, err := c.KMS.CreateKey(context.Background(), &kms.CreateKeyInput{})
	if err != nil {
		return err
	}
	_, err = c.Secrets.UpdateSecret(context.Background(), &secretsmanager.UpdateSecretInput{SecretId: sdk.String(hubSecret), KmsKeyId: k.KeyMetadata.KeyId})
	return err
}

func TestALoginChangedBehindItsBackIsMended(t *testing.T) {
	t.Parallel()
	golden, c := standing(t, small, registries(t))
	golden.keeps(t, c)
	hub, object := model.SecretKey("docker.io"), model.AgentConfigKey()
	for name, tt := range map[string]struct {
		key    model.Key
		fields string // of the update; empty: it is made anew
		deed   func(*cloud.Cloud) error
	}{
		"another password": {hub, "value", func(c *cloud.Cloud) error { return putSecret(c, `{"username":"acme","password":"x"}`) }},
		"another user": {hub, "username", func(c *cloud.Cloud) error {
			return putSecret(c, `{"username":"eve","password":"the usual password of docker.io"}`)
		}},
		"no login":          {hub, "username value", func(c *cloud.Cloud) error { return putSecret(c, "hello") }},
		"another key":       {hub, "kms_key", encryptWith},
		"scheduled to go":   {hub, "", func(c *cloud.Cloud) error { return deleteSecret(c, false) }},
		"just deleted":      {hub, "", func(c *cloud.Cloud) error { return deleteSecret(c, true) }},
		"another object":    {object, "registries value older_versions", func(c *cloud.Cloud) error { return putObject(c, "hello") }},
		"the object, again": {object, "older_versions", func(c *cloud.Cloud) error { _, o := golden.stored(t); return putObject(c, o[0]) }},
		"a deleted object": {object, "registries value older_versions", func(c *cloud.Cloud) error {
			_, err := c.S3.DeleteObject(context.Background(), &s3.DeleteObjectInput{
				Bucket: sdk.String("berth-123456789012-eu-west-1-acc-acc"), Key: sdk.String(model.AgentConfigPath),
			})
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := golden.Fork(t)
			if err := tt.deed(r.somebody()); err != nil {
				t.Fatal(err)
			}
			s, err := r.Survey(c)
			if err != nil {
				t.Fatal(err)
			}
			changed := ""
			for _, change := range s.Plan.Changes {
				if change.Key != tt.key || (change.Verb == plan.Update) != (tt.fields != "") {
					t.Errorf("the plan wants to %s %s", change.Verb, change.Key)
				}
				if change.Verb == plan.Update {
					for _, f := range change.Fields {
						changed += " " + f.Name
					}
				}
			}
			if strings.TrimSpace(changed) != tt.fields || len(s.Plan.Changes) == 0 {
				t.Errorf("the plan changes%s, want %s", changed, tt.fields)
			}
			if err := r.Apply(c); err != nil {
				t.Fatal(err)
			}
			r.Agrees(t, c, "after it was mended")
			r.keeps(t, c)
		})
	}
}

func TestANewPasswordReplacesNothingAndLeavesTheOldOneNowhereInTheBucket(t *testing.T) {
	r, c := standing(t, small, registries(t))
	r.Passwords = map[string]string{"docker.io": "new 1", "ghcr.io": "new 2"}
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Plan.Changes) != 2 || s.Plan.Impact() != plan.None {
		t.Errorf("%v", s.Plan.Changes)
	}
	for _, change := range s.Plan.Changes {
		if f := change.Fields; change.Verb != plan.Update || len(f) != 1 || f[0].Name != "value" || f[0].From != model.OtherValue || f[0].To != model.CurrentValue {
			t.Errorf("%s %s %v", change.Verb, change.Key, f)
		}
	}
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Agrees(t, c, "after the change")
	r.keeps(t, c)
}

// codeOf is the code of a refusal.
func codeOf(err error) string {
	if r, ok := errors.AsType[*check.Refusal](err); ok {
		return r.Code
	}
	return ""
}

func TestAPasswordThatIsNotSetIsNeededOnlyWhereNoneIsStoredForTheUser(t *testing.T) {
	unset := map[string]string{"docker.io": "", "ghcr.io": "", "reg.example.com:5000": ""}
	c := Load(t, small, registries(t))
	empty := NewRig(1)
	empty.Passwords = unset
	if _, err := empty.Survey(c); codeOf(err) != "CFG056" {
		t.Errorf("with nothing stored: %v", err)
	}
	r, _ := standing(t, small, registries(t))
	login, object := r.stored(t)
	r.Passwords = unset
	r.Agrees(t, c, "with nothing set")
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, f := range s.Findings {
		if f.Code == "OPS406" {
			kept++
		}
	}
	if kept != 3 {
		t.Errorf("%d of 3 passwords are said to be kept", kept)
	}
	for _, text := range []string{strings.Replace(registries(t), `"acme"`, `"other"`, 1), strings.ReplaceAll(registries(t), "robot$ci", "robot")} {
		if _, err := r.Survey(Load(t, small, text)); codeOf(err) != "CFG056" {
			t.Errorf("for another user: %v", err)
		}
	}
	r.Passwords = map[string]string{"docker.io": "", "ghcr.io": "new", "reg.example.com:5000": ""}
	if _, err := r.Survey(c); codeOf(err) != "CFG056" {
		t.Errorf("the object cannot be written without all of its passwords: %v", err)
	}
	if l, o := r.stored(t); l != login || len(o) != 1 || o[0] != object[0] {
		t.Error("what is stored has changed")
	}
	r.Passwords = unset
	if err := r.Destroy(c); err != nil {
		t.Error(err)
	}
}

func TestNoValueIsReadWhereNoneIsToBeStored(t *testing.T) {
	r, c := standing(t, small, registries(t))
	cluster, _ := r.cluster(c)
	cluster.Secrets = nil
	trace := r.Sim.Record()
	s, err := cluster.Survey(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !s.Plan.Empty() {
		t.Errorf("%v", s.Plan.Changes)
	}
	if s, err = cluster.Farewell(context.Background()); err != nil || s.Plan.Empty() {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := trace.Print(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "secretsmanager.DescribeSecret") {
		t.Error("the trace shows no calls")
	}
	for _, read := range []string{"GetSecretValue", "s3.GetObject"} {
		if strings.Contains(text.String(), read) {
			t.Errorf("a survey without sources makes %s", read)
		}
	}
}

func TestLoginsComeAndGoInBadWeather(t *testing.T) {
	t.Parallel()
	c := Load(t, small, registries(t))
	calm := NewRig(1)
	if err := calm.Apply(c); err != nil {
		t.Fatal(err)
	}
	calm.Settle()
	up := calm.Census()
	if err := calm.Destroy(c); err != nil {
		t.Fatal(err)
	}
	calm.Settle()
	for seed := range uint64(4) {
		through(t, 100+seed, c, up, calm.Census())
	}
}

func TestASecretOfSomebodyElseIsUsedAndNeverTouched(t *testing.T) {
	ctx := context.Background()
	r := NewRig(1)
	aws := r.somebody()
	key, err := aws.KMS.CreateKey(ctx, &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := aws.KMS.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: sdk.String("alias/registries"), TargetKeyId: key.KeyMetadata.KeyId}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"alias/registries", *key.KeyMetadata.KeyId, *key.KeyMetadata.Arn} {
		made, err := aws.Secrets.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: sdk.String("own"), SecretString: sdk.String("x"), KmsKeyId: sdk.String(id)})
		if err != nil {
			t.Fatal(err)
		}
		c := Load(t, small, `registries = { "ghcr.io" = { secret_arn = "`+*made.ARN+`" } }`)
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		s, err := r.Survey(c)
		if err != nil {
			t.Fatal(err)
		}
		role, _ := model.Find[model.Role](&s.Have.Set, model.RoleKey("execution"))
		if f := s.Facts.Registries["ghcr.io"]; f.ARN != *made.ARN || f.KMSKey != *key.KeyMetadata.Arn || !strings.Contains(role.Inline[0].Document, f.KMSKey) {
			t.Errorf("%s: %+v, %v", id, f, role.Inline)
		}
		if err := r.Destroy(c); err != nil {
			t.Fatal(err)
		}
		if _, err := aws.Secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: made.ARN}); err != nil {
			t.Errorf("after destroy: %v", err)
		}
		if _, err := aws.Secrets.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: made.ARN, ForceDeleteWithoutRecovery: sdk.Bool(true)}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Survey(c); codeOf(err) != "CFG055" {
			t.Errorf("while it goes: %v", err)
		}
		r.Settle()
		if _, err := r.Survey(c); codeOf(err) != "CFG055" {
			t.Errorf("when it is gone: %v", err)
		}
	}
}
