package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/cloud"
	"berth/internal/live"
)

// references looks whether the secrets are there that tasks could not be started with. No value is read.
func (q *inquiry) references(ctx context.Context) error {
	if !slices.ContainsFunc(q.out.Tasks, func(t live.Task) bool { return strings.Contains(t.Reason, "ResourceInitializationError") }) {
		return nil
	}
	for _, name := range q.secrets() {
		_, err := cloud.Read(ctx, q.c, q.c.Secrets.DescribeSecret, &secretsmanager.DescribeSecretInput{SecretId: &name})
		r := live.Reference{Kind: "secret", Name: name, State: "there"}
		switch {
		case cloud.Missing(err):
			r.State = "missing"
		case cloud.Denied(err):
			r.State = "unknown"
			r.Note = "berth may not look at it"
		case err != nil:
			return err
		}
		q.out.References = append(q.out.References, r)
	}
	return nil
}

// secrets are the ARNs of secrets that the task definitions name, without the key behind them, sorted.
func (q *inquiry) secrets() []string {
	var out []string
	add := func(name string) {
		if parts := strings.Split(name, ":"); strings.Contains(name, ":secretsmanager:") && len(parts) >= 7 {
			out = append(out, strings.Join(parts[:7], ":"))
		}
	}
	for _, d := range q.out.Definitions {
		for _, c := range d.Spec.Get("containerDefinitions").Items {
			add(c.Get("repositoryCredentials", "credentialsParameter").Text)
			for _, s := range c.Get("secrets").Items {
				add(s.Get("valueFrom").Text)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
