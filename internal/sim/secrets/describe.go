package secrets

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/sim/world"
)

// DescribeSecret describes a secret without its value, also one that is to be deleted.
func DescribeSecret(c *world.Call, in *secretsmanager.DescribeSecretInput) (*secretsmanager.DescribeSecretOutput, error) {
	s, err := find(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	v := view(s)
	return &secretsmanager.DescribeSecretOutput{
		ARN: v.ARN, Name: v.Name, Description: v.Description, KmsKeyId: v.KmsKeyId, CreatedDate: v.CreatedDate, LastChangedDate: v.LastChangedDate,
		DeletedDate: v.DeletedDate, Tags: v.Tags, VersionIdsToStages: v.SecretVersionsToStages,
	}, nil
}

// view describes a secret; versions without a label are deprecated and not shown.
func view(s *world.Secret) types.SecretListEntry {
	v := types.SecretListEntry{
		ARN: aws.String(s.ARN), Name: aws.String(s.Name), CreatedDate: aws.Time(s.Created), LastChangedDate: aws.Time(s.Changed), Tags: tagList(s.Tags),
	}
	if s.Description != "" {
		v.Description = aws.String(s.Description)
	}
	if s.Key != "" {
		v.KmsKeyId = aws.String(s.Key)
	}
	if !s.Deleted.IsZero() {
		v.DeletedDate = aws.Time(s.Deleted)
	}
	for _, one := range s.Versions {
		if len(one.Stages) == 0 {
			continue
		}
		if v.SecretVersionsToStages == nil {
			v.SecretVersionsToStages = map[string][]string{}
		}
		v.SecretVersionsToStages[one.ID] = slices.Clone(one.Stages)
	}
	return v
}

// ListSecrets lists secrets by date of creation, the newest first unless the call says otherwise.
func ListSecrets(c *world.Call, in *secretsmanager.ListSecretsInput) (*secretsmanager.ListSecretsOutput, error) {
	if err := checkFilters(in.Filters); err != nil {
		return nil, err
	}
	var rows []*world.Secret
	for s := range c.Region.Secrets.Secrets.Rows() {
		if (s.Deleted.IsZero() || aws.ToBool(in.IncludePlannedDeletion)) && passes(s, in.Filters) {
			rows = append(rows, s)
		}
	}
	if err := order(rows, in.SortBy, in.SortOrder); err != nil {
		return nil, err
	}
	rows, next, err := page(rows, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &secretsmanager.ListSecretsOutput{SecretList: []types.SecretListEntry{}, NextToken: next}
	for _, s := range rows {
		out.SecretList = append(out.SecretList, view(s))
	}
	return out, nil
}

func checkFilters(filters []types.Filter) error {
	for _, f := range filters {
		switch f.Key {
		case types.FilterNameStringTypeName, types.FilterNameStringTypeDescription, types.FilterNameStringTypeTagKey, types.FilterNameStringTypeTagValue,
			types.FilterNameStringTypeAll:
		case types.FilterNameStringTypePrimaryRegion, types.FilterNameStringTypeOwningService:
			return wrongState("The filter %s is not simulated.", f.Key)
		default:
			return constraint(" '"+string(f.Key)+"'", "filters.1.member.key", "satisfy enum value set: [all, name, tag-key, description, tag-value]")
		}
		if len(f.Values) == 0 || len(f.Values) > 10 {
			return invalid("Invalid filter values for key: %s", f.Key)
		}
	}
	return nil
}

// passes tells whether a secret has what every filter wants: one of its values at the beginning, or with "!" none of them.
func passes(s *world.Secret, filters []types.Filter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(f.Values, func(want string) bool {
			rest, not := strings.CutPrefix(want, "!")
			return begins(s, f.Key, rest) != not
		}) {
			return false
		}
	}
	return true
}

// begins compares as AWS does: only descriptions without regard to case.
func begins(s *world.Secret, key types.FilterNameStringType, want string) bool {
	tag := func(of func(world.Tag) string) bool {
		return slices.ContainsFunc(s.Tags, func(t world.Tag) bool { return strings.HasPrefix(of(t), want) })
	}
	switch key {
	case types.FilterNameStringTypeName:
		return strings.HasPrefix(s.Name, want)
	case types.FilterNameStringTypeDescription:
		return strings.HasPrefix(strings.ToLower(s.Description), strings.ToLower(want))
	case types.FilterNameStringTypeTagKey:
		return tag(func(t world.Tag) string { return t.Key })
	case types.FilterNameStringTypeTagValue:
		return tag(func(t world.Tag) string { return t.Value })
	default:
		return strings.Contains(strings.ToLower(s.Name+" "+s.Description), strings.ToLower(want)) ||
			tag(func(t world.Tag) string { return t.Key }) || tag(func(t world.Tag) string { return t.Value })
	}
}

func order(rows []*world.Secret, by types.SortByType, direction types.SortOrderType) error {
	var less func(a, b *world.Secret) int
	date := func(of func(*world.Secret) time.Time) func(a, b *world.Secret) int {
		return func(a, b *world.Secret) int { return of(a).Compare(of(b)) }
	}
	switch by {
	case "", types.SortByTypeCreatedDate:
		less = date(func(s *world.Secret) time.Time { return s.Created })
	case types.SortByTypeLastChangedDate:
		less = date(func(s *world.Secret) time.Time { return s.Changed })
	case types.SortByTypeName:
		less = func(a, b *world.Secret) int { return cmp.Compare(a.Name, b.Name) }
	case types.SortByTypeLastAccessedDate:
		return wrongState("When a secret was read last is not simulated.")
	default:
		return constraint(" '"+string(by)+"'", "sortBy", "satisfy enum value set: [name, created-date, last-accessed-date, last-changed-date]")
	}
	slices.SortStableFunc(rows, less)
	if direction != types.SortOrderTypeAsc {
		slices.Reverse(rows)
	}
	return nil
}

// page cuts the asked page out of all rows.
func page(rows []*world.Secret, token *string, size *int32) ([]*world.Secret, *string, error) {
	most := 100
	if size != nil {
		if most = int(*size); most < 1 || most > 100 {
			return nil, nil, constraint(" '"+strconv.Itoa(most)+"'", "maxResults", "have value between 1 and 100")
		}
	}
	start := 0
	if token != nil {
		b, _ := base64.StdEncoding.DecodeString(*token)
		digits, ok := strings.CutPrefix(string(b), "from ")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 {
			return nil, nil, invalidToken()
		}
		start = min(n, len(rows))
	}
	if end := start + most; end < len(rows) {
		return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))), nil
	}
	return rows[start:], nil, nil
}
