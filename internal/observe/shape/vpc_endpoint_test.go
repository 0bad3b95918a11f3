package shape

import "testing"

func TestPoliciesThatLetEverythingThroughAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"": "",
		`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`:                    "",
		"{\n  \"Statement\": [\n    {\"Action\": \"*\", \"Effect\": \"Allow\", \"Principal\": \"*\", \"Resource\": \"*\"}\n  ]\n}": "",
		`{"Statement":[{"Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}]}`:                                            `{"Statement":[{"Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}]}`,
	} {
		if got := restriction(text); got != want {
			t.Errorf("%s is read as %q", text, got)
		}
	}
}
