package secrets

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/sim/world"
)

func TestAKeptSecretIsFoundByItsARN(t *testing.T) {
	const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbC123"
	w := world.New(1)
	for range 2 {
		if err := Keep(w, arn); err != nil {
			t.Fatal(err)
		}
	}
	id := arn
	out, err := DescribeSecret(&world.Call{World: w, Region: w.Region("eu-west-1")}, &secretsmanager.DescribeSecretInput{SecretId: &id})
	if err != nil || *out.ARN != arn || *out.Name != "shop/db" {
		t.Errorf("found %+v, %v", out, err)
	}
}

func TestWhatNoSecretCanBeCalledIsRefused(t *testing.T) {
	w := world.New(1)
	if err := Keep(w, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbC123"); err != nil {
		t.Fatal(err)
	}
	for _, arn := range []string{
		"db", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-AbC123",
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Other1",
	} {
		if Keep(w, arn) == nil {
			t.Errorf("%s is taken", arn)
		}
	}
}
