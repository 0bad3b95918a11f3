package secrets

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func newCall() *world.Call {
	w := world.New(1)
	w.Attach(Handlers(), nil)
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "secretsmanager", Operation: "Test"}
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// refused wants an error with a code and a text, and no value in it.
func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%v, want %s: %s", err, code, text)
	}
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a value shows: %v", err)
	}
}

// token is the n-th of many.
func token(n int) *string { return aws.String(fmt.Sprintf("%032d", n)) }

func create(t *testing.T, c *world.Call, name, value string) *sm.CreateSecretOutput {
	t.Helper()
	out, err := CreateSecret(c, &sm.CreateSecretInput{Name: &name, SecretString: &value, ClientRequestToken: token(1)})
	return must(t, out, err)
}

func read(t *testing.T, c *world.Call, in *sm.GetSecretValueInput) string {
	t.Helper()
	out, err := GetSecretValue(c, in)
	return aws.ToString(must(t, out, err).SecretString)
}

func TestASecretIsFoundByNameARNAndThePartOfItBeforeTheLastSix(t *testing.T) {
	c := newCall()
	arn := *create(t, c, "acc/registry/docker.io", "hunter2").ARN
	if !regexp.MustCompile(`^arn:aws:secretsmanager:eu-west-1:123456789012:secret:acc/registry/docker\.io-[A-Za-z0-9]{6}$`).MatchString(arn) {
		t.Error(arn)
	}
	for _, id := range []string{"acc/registry/docker.io", arn, arn[:len(arn)-7]} {
		if got := read(t, c, &sm.GetSecretValueInput{SecretId: &id}); got != "hunter2" {
			t.Errorf("%s: %q", id, got)
		}
	}
	for _, id := range []string{"acc", arn[:len(arn)-1], arn[:len(arn)-6] + "xxxxxx"} {
		_, err := DescribeSecret(c, &sm.DescribeSecretInput{SecretId: &id})
		refused(t, err, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
	}
}

func TestACreateWithTheSameTokenAndValueIsDoneOnce(t *testing.T) {
	c := newCall()
	first := create(t, c, "a", "hunter2")
	if again := create(t, c, "a", "hunter2"); *again.ARN != *first.ARN || *again.VersionId != *first.VersionId {
		t.Errorf("%v, then %v", first, again)
	}
	for n, value := range map[int]string{1: "other", 2: "hunter2"} {
		_, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a"), SecretString: &value, ClientRequestToken: token(n)})
		refused(t, err, "ResourceExistsException", "The operation failed because the secret a already exists.")
	}
	_, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a")})
	refused(t, err, "ResourceExistsException", "")
}

func TestLabelsMoveFromVersionToVersion(t *testing.T) {
	c := newCall()
	id := aws.String("a")
	create(t, c, "a", "one")
	put := func(n int, value string, stages ...string) {
		t.Helper()
		out, err := PutSecretValue(c, &sm.PutSecretValueInput{SecretId: id, SecretString: &value, ClientRequestToken: token(n), VersionStages: stages})
		if must(t, out, err); *out.VersionId != *token(n) {
			t.Error(*out.VersionId)
		}
	}
	stage := func(name string) string {
		return read(t, c, &sm.GetSecretValueInput{SecretId: id, VersionStage: &name})
	}
	put(2, "two")
	put(2, "two") // once more is nothing
	put(3, "three", "AWSPENDING")
	if stage("AWSCURRENT") != "two" || stage("AWSPREVIOUS") != "one" || stage("AWSPENDING") != "three" {
		t.Error("after a second version and a pending one")
	}
	_, err := PutSecretValue(c, &sm.PutSecretValueInput{SecretId: id, SecretString: aws.String("hunter2"), ClientRequestToken: token(2)})
	refused(t, err, "ResourceExistsException", "already in use for a version of secret")
	out, err := UpdateSecret(c, &sm.UpdateSecretInput{SecretId: id, SecretString: aws.String("four"), ClientRequestToken: token(4), Description: aws.String("d")})
	must(t, out, err)
	if stage("AWSCURRENT") != "four" || stage("AWSPREVIOUS") != "two" {
		t.Error("after an update")
	}
	described, err := DescribeSecret(c, &sm.DescribeSecretInput{SecretId: id})
	d := must(t, described, err)
	want := map[string][]string{*token(2): {"AWSPREVIOUS"}, *token(3): {"AWSPENDING"}, *token(4): {"AWSCURRENT"}}
	if fmt.Sprint(d.VersionIdsToStages) != fmt.Sprint(want) || *d.Description != "d" {
		t.Errorf("%v", d.VersionIdsToStages)
	}
	if got := read(t, c, &sm.GetSecretValueInput{SecretId: id, VersionId: token(1)}); got != "one" {
		t.Errorf("the version without a label is %q", got)
	}
	_, err = GetSecretValue(c, &sm.GetSecretValueInput{SecretId: id, VersionId: token(9)})
	refused(t, err, "ResourceNotFoundException", "for VersionId: ")
	_, err = GetSecretValue(c, &sm.GetSecretValueInput{SecretId: id, VersionId: token(3), VersionStage: aws.String("AWSCURRENT")})
	refused(t, err, "InvalidRequestException", "not associated")
}

func TestOnlyTheOldestUnlabelledVersionsGo(t *testing.T) {
	c := newCall()
	create(t, c, "a", "v1")
	for n := 2; n <= 150; n++ {
		out, err := PutSecretValue(c, &sm.PutSecretValueInput{SecretId: aws.String("a"), SecretString: aws.String("v"), ClientRequestToken: token(n)})
		must(t, out, err)
	}
	s, _ := c.Region.Secrets.Secrets.Get("a")
	if len(s.Versions) != mostVersions || s.Versions[0].ID != *token(51) {
		t.Errorf("%d versions, the first is %s", len(s.Versions), s.Versions[0].ID)
	}
}

func TestASecretWithoutAValueHasNone(t *testing.T) {
	c := newCall()
	out, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a")})
	if must(t, out, err).VersionId != nil {
		t.Error(*out.VersionId)
	}
	_, err = GetSecretValue(c, &sm.GetSecretValueInput{SecretId: aws.String("a")})
	refused(t, err, "ResourceNotFoundException", "for staging label: AWSCURRENT")
	put, err := PutSecretValue(c, &sm.PutSecretValueInput{SecretId: aws.String("a"), SecretBinary: []byte{1}, ClientRequestToken: token(1), VersionStages: []string{"MINE"}})
	if !slices.Equal(must(t, put, err).VersionStages, []string{"MINE", "AWSCURRENT"}) {
		t.Error(put.VersionStages)
	}
	got, err := GetSecretValue(c, &sm.GetSecretValueInput{SecretId: aws.String("a")})
	if must(t, got, err).SecretString != nil || string(got.SecretBinary) != "\x01" {
		t.Error(got)
	}
}

func TestADeletedSecretCanBeRestoredUntilItsDayComes(t *testing.T) {
	c := newCall()
	id := aws.String("a")
	create(t, c, "a", "hunter2")
	out, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id, RecoveryWindowInDays: aws.Int64(7)})
	if at := must(t, out, err).DeletionDate; !at.Equal(c.Now().Add(7 * 24 * time.Hour)) {
		t.Error(at)
	}
	described, err := DescribeSecret(c, &sm.DescribeSecretInput{SecretId: id})
	if must(t, described, err).DeletedDate == nil {
		t.Error("nothing shows that it goes")
	}
	_, err = GetSecretValue(c, &sm.GetSecretValueInput{SecretId: id})
	refused(t, err, "InvalidRequestException", "because it was marked for deletion.")
	_, err = DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id})
	refused(t, err, "InvalidRequestException", "already scheduled for deletion.")
	_, err = CreateSecret(c, &sm.CreateSecretInput{Name: id, SecretString: aws.String("hunter2"), ClientRequestToken: token(1)})
	refused(t, err, "InvalidRequestException", "a secret with this name is already scheduled for deletion.")
	c.Advance(6 * 24 * time.Hour)
	restored, err := RestoreSecret(c, &sm.RestoreSecretInput{SecretId: id})
	must(t, restored, err)
	c.Advance(40 * 24 * time.Hour)
	if got := read(t, c, &sm.GetSecretValueInput{SecretId: id}); got != "hunter2" {
		t.Errorf("the deletion that was taken back came all the same: %q", got)
	}
	out, err = DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id})
	must(t, out, err)
	c.Advance(29 * 24 * time.Hour)
	if _, err := DescribeSecret(c, &sm.DescribeSecretInput{SecretId: id}); err != nil {
		t.Error("it went before its time")
	}
	c.Advance(25 * time.Hour)
	_, err = RestoreSecret(c, &sm.RestoreSecretInput{SecretId: id})
	refused(t, err, "ResourceNotFoundException", "")
}

func TestAForcedDeletionFreesTheNameWithinMoments(t *testing.T) {
	c := newCall()
	id, force := aws.String("a"), aws.Bool(true)
	first := *create(t, c, "a", "hunter2").ARN
	for range 2 { // also when it is on its way already
		out, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id, ForceDeleteWithoutRecovery: force})
		must(t, out, err)
	}
	_, err := RestoreSecret(c, &sm.RestoreSecretInput{SecretId: id})
	refused(t, err, "ResourceNotFoundException", "")
	_, err = CreateSecret(c, &sm.CreateSecretInput{Name: id})
	refused(t, err, "InvalidRequestException", "already scheduled for deletion.")
	c.Advance(time.Minute)
	if second := *create(t, c, "a", "hunter2").ARN; second == first {
		t.Errorf("a new secret has the old ARN %s", second)
	}
	out, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: aws.String("none"), ForceDeleteWithoutRecovery: force})
	must(t, out, err)
	_, err = DeleteSecret(c, &sm.DeleteSecretInput{SecretId: aws.String("none")})
	refused(t, err, "ResourceNotFoundException", "")
}

func TestAKeyThatCannotBeUsedProtectsNothing(t *testing.T) {
	c := newCall()
	_, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a"), KmsKeyId: aws.String("alias/none"), SecretString: aws.String("hunter2"), ClientRequestToken: token(1)})
	refused(t, err, "EncryptionFailure", "KMS key")
	made, err := kms.CreateKey(c, &awskms.CreateKeyInput{})
	key := must(t, made, err).KeyMetadata.KeyId
	out, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a"), KmsKeyId: key, SecretString: aws.String("hunter2"), ClientRequestToken: token(1)})
	must(t, out, err)
	described, err := DescribeSecret(c, &sm.DescribeSecretInput{SecretId: aws.String("a")})
	if *must(t, described, err).KmsKeyId != *key {
		t.Error(*described.KmsKeyId)
	}
	off, err := kms.DisableKey(c, &awskms.DisableKeyInput{KeyId: key})
	must(t, off, err)
	_, err = GetSecretValue(c, &sm.GetSecretValueInput{SecretId: aws.String("a")})
	refused(t, err, "DecryptionFailure", "KMS key")
	updated, err := UpdateSecret(c, &sm.UpdateSecretInput{SecretId: aws.String("a"), KmsKeyId: aws.String("")})
	must(t, updated, err)
	if got := read(t, c, &sm.GetSecretValueInput{SecretId: aws.String("a")}); got != "hunter2" {
		t.Errorf("under AWS's own key: %q", got)
	}
}

func TestCallsThatAreWrongAreRefusedWithoutShowingTheValue(t *testing.T) {
	c := newCall()
	create(t, c, "there", "one")
	value, long := aws.String("hunter2"), aws.String(strings.Repeat("hunter2", 10_000))
	name, id := aws.String("a"), aws.String("there")
	for _, tt := range []struct {
		code, text string
		run        func() error
	}{
		{"ValidationException", "Value null at 'name'", func() error { _, err := CreateSecret(c, &sm.CreateSecretInput{}); return err }},
		{"ValidationException", "Invalid name.", func() error { _, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String("a:b")}); return err }},
		{"ValidationException", "less than or equal to 512", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: aws.String(strings.Repeat("a", 513))})
			return err
		}},
		{"ValidationException", "less than or equal to 65536", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, SecretString: long, ClientRequestToken: token(1)})
			return err
		}},
		{"ValidationException", "greater than or equal to 32", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, SecretString: value, ClientRequestToken: aws.String("short")})
			return err
		}},
		{"InvalidParameterException", "ClientRequestToken", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, SecretString: value})
			return err
		}},
		{"InvalidParameterException", "both", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, SecretString: value, SecretBinary: []byte("hunter2"), ClientRequestToken: token(1)})
			return err
		}},
		{"InvalidParameterException", "aws:x", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, Tags: []types.Tag{{Key: aws.String("aws:x")}}})
			return err
		}},
		{"InvalidRequestException", "Replication", func() error {
			_, err := CreateSecret(c, &sm.CreateSecretInput{Name: name, AddReplicaRegions: []types.ReplicaRegionType{{}}})
			return err
		}},
		{"InvalidRequestException", "either", func() error { _, err := PutSecretValue(c, &sm.PutSecretValueInput{SecretId: id}); return err }},
		{"InvalidParameterException", "between 7 and 30", func() error {
			_, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id, RecoveryWindowInDays: aws.Int64(6)})
			return err
		}},
		{"InvalidParameterException", "in conjunction", func() error {
			_, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: id, RecoveryWindowInDays: aws.Int64(7), ForceDeleteWithoutRecovery: aws.Bool(true)})
			return err
		}},
		{"InvalidNextTokenException", "NextToken", func() error {
			_, err := ListSecrets(c, &sm.ListSecretsInput{NextToken: aws.String("x")})
			return err
		}},
		{"ValidationException", "filters", func() error {
			_, err := ListSecrets(c, &sm.ListSecretsInput{Filters: []types.Filter{{Key: "color", Values: []string{"x"}}}})
			return err
		}},
	} {
		refused(t, tt.run(), tt.code, tt.text)
	}
}

func TestSecretsAreListedByFilterOrderAndPage(t *testing.T) {
	c := newCall()
	for _, name := range []string{"acc_acc/registry/b", "acc_acc/registry/a", "acc_acc/other", "prod/registry/a"} {
		create(t, c, name, "v")
		c.Advance(time.Second)
	}
	tagged, err := TagResource(c, &sm.TagResourceInput{SecretId: aws.String("acc_acc/other"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("web")}}})
	must(t, tagged, err)
	gone, err := DeleteSecret(c, &sm.DeleteSecretInput{SecretId: aws.String("prod/registry/a")})
	must(t, gone, err)
	list := func(in sm.ListSecretsInput) string {
		t.Helper()
		var names []string
		for {
			out, err := ListSecrets(c, &in)
			for _, s := range must(t, out, err).SecretList {
				names = append(names, *s.Name)
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return strings.Join(names, " ")
			}
		}
	}
	filter := func(key types.FilterNameStringType, values ...string) []types.Filter {
		return []types.Filter{{Key: key, Values: values}}
	}
	for want, in := range map[string]sm.ListSecretsInput{
		"acc_acc/other acc_acc/registry/a acc_acc/registry/b":                 {MaxResults: aws.Int32(2)},
		"prod/registry/a acc_acc/other acc_acc/registry/a acc_acc/registry/b": {IncludePlannedDeletion: aws.Bool(true)},
		"acc_acc/registry/a acc_acc/registry/b":                               {Filters: filter("name", "acc_acc/registry/"), SortBy: "name", SortOrder: "asc"},
		"acc_acc/registry/b acc_acc/registry/a":                               {Filters: filter("name", "!acc_acc/o"), SortOrder: "asc"},
		"acc_acc/other":                                                       {Filters: filter("tag-value", "we")},
		"":                                                                    {Filters: filter("name", "Acc")},
	} {
		if got := list(in); got != want {
			t.Errorf("listed are %q, want %q", got, want)
		}
	}
	off, err := UntagResource(c, &sm.UntagResourceInput{SecretId: aws.String("acc_acc/other"), TagKeys: []string{"team", "none"}})
	must(t, off, err)
	if got := list(sm.ListSecretsInput{Filters: filter("tag-key", "team")}); got != "" {
		t.Errorf("the tag is still there: %q", got)
	}
}
